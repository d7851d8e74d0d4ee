package serve

import (
	"context"
	"net/http"
	"strings"

	"bremen/serve/page"
)

// Browsers and systems by what stands of them in User-Agent, the most particular first: each names those it is built on, too.
var (
	browsers = [][2]string{
		{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser", "Samsung Internet"}, {"FxiOS", "Firefox"}, {"Firefox", "Firefox"},
		{"CriOS", "Chrome"}, {"Chrome", "Chrome"}, {"Safari", "Safari"},
	}
	systems = [][2]string{
		{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"CrOS", "ChromeOS"}, {"Windows", "Windows"}, {"Mac OS X", "Mac"}, {"Linux", "Linux"},
	}
)

// deviceOf says in the words of people with what a request was made: browser and system with a slash between, each empty if it
// is none of those many know. More of User-Agent is not kept: it would tell devices apart.
func deviceOf(r *http.Request) string {
	agent := r.UserAgent()
	named := func(table [][2]string) string {
		for _, x := range table {
			if strings.Contains(agent, x[0]) {
				return x[1]
			}
		}
		return ""
	}
	return named(browsers) + "/" + named(systems)
}

// calledDevice is a device as pages name it.
func calledDevice(lang page.Language, device string) string {
	browser, system, _ := strings.Cut(device, "/")
	switch {
	case browser != "" && system != "":
		return lang.Say("device.both", "browser", browser, "system", system)
	case browser+system != "":
		return browser + system
	}
	return lang.Say("device.unknown")
}

// requestDevice is what observe found out with deviceOf.
func requestDevice(ctx context.Context) string {
	d, _ := ctx.Value(keyDevice).(string)
	return d
}
