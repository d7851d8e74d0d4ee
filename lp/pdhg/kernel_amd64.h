// MASK sets Y to the lanes of the count in N, 0 to 4; it spoils T.
#define MASK(N, T, Y) \
	LEAQ ·lanesOf+32(SB), T \
	SHLQ $3, N \
	SUBQ N, T \
	VMOVUPD (T), Y

// FOLD adds up the lanes of A (0 to 3) and B (4 to 7) into the first of A; it spoils X15.
#define FOLD(A, AX, B) \
	VADDPD B, A, A \
	VEXTRACTF128 $1, A, X15 \
	VADDPD X15, AX, AX \
	VPERMILPD $1, AX, X15 \
	VADDSD X15, AX, AX
