// The plan as the page brings it along.
export const data = JSON.parse(document.getElementById("plan").textContent);
