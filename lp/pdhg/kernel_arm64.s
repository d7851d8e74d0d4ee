#include "textflag.h"

// The kernels of kernel.go for whole lines of values, in NEON.

// The assembler knows of vectors of doubles only VFMLA and VFMLS. d, n, m are
// numbers of registers with two doubles each.
#define FADD(m, n, d) WORD $(0x4E60D400 | m<<16 | n<<5 | d)
#define FSUB(m, n, d) WORD $(0x4EE0D400 | m<<16 | n<<5 | d) // d = n − m
#define FMUL(m, n, d) WORD $(0x6E60DC00 | m<<16 | n<<5 | d)
#define FNEG(n, d) WORD $(0x6EE0F800 | n<<5 | d)
#define FCMGT(m, n, d) WORD $(0x6EE0E400 | m<<16 | n<<5 | d) // d = all ones where n > m

// func accumulateNEON(n int, dst *float64, start float64, src *float64, k int, whole *int32, wholes *float64)
// n is a multiple of four.
TEXT ·accumulateNEON(SB), NOSPLIT, $0-56
	MOVD n+0(FP), R0
	MOVD dst+8(FP), R1
	FMOVD start+16(FP), F31
	VDUP V31.D[0], V31.D2
	MOVD src+24(FP), R2
	MOVD k+32(FP), R3
	MOVD whole+40(FP), R4
	MOVD wholes+48(FP), R5

by16:
	CMP $16, R0
	BLT by4
	VMOV V31.B16, V0.B16
	VMOV V31.B16, V1.B16
	VMOV V31.B16, V2.B16
	VMOV V31.B16, V3.B16
	VMOV V31.B16, V4.B16
	VMOV V31.B16, V5.B16
	VMOV V31.B16, V6.B16
	VMOV V31.B16, V7.B16
	MOVD R3, R6
	MOVD R4, R7
	MOVD R5, R8
	CBZ R6, store16

entry16:
	MOVW.P 4(R7), R9
	VLD1R.P 8(R8), [V30.D2]
	ADD R9<<3, R2, R9
	VLD1.P 64(R9), [V16.D2, V17.D2, V18.D2, V19.D2]
	VLD1 (R9), [V20.D2, V21.D2, V22.D2, V23.D2]
	VFMLA V16.D2, V30.D2, V0.D2
	VFMLA V17.D2, V30.D2, V1.D2
	VFMLA V18.D2, V30.D2, V2.D2
	VFMLA V19.D2, V30.D2, V3.D2
	VFMLA V20.D2, V30.D2, V4.D2
	VFMLA V21.D2, V30.D2, V5.D2
	VFMLA V22.D2, V30.D2, V6.D2
	VFMLA V23.D2, V30.D2, V7.D2
	SUB $1, R6
	CBNZ R6, entry16

store16:
	VST1.P [V0.D2, V1.D2, V2.D2, V3.D2], 64(R1)
	VST1.P [V4.D2, V5.D2, V6.D2, V7.D2], 64(R1)
	ADD $128, R2
	SUB $16, R0
	B by16

by4:
	CBZ R0, done
	VMOV V31.B16, V0.B16
	VMOV V31.B16, V1.B16
	MOVD R3, R6
	MOVD R4, R7
	MOVD R5, R8
	CBZ R6, store4

entry4:
	MOVW.P 4(R7), R9
	VLD1R.P 8(R8), [V30.D2]
	ADD R9<<3, R2, R9
	VLD1 (R9), [V16.D2, V17.D2]
	VFMLA V16.D2, V30.D2, V0.D2
	VFMLA V17.D2, V30.D2, V1.D2
	SUB $1, R6
	CBNZ R6, entry4

store4:
	VST1.P [V0.D2, V1.D2], 32(R1)
	ADD $32, R2
	SUB $4, R0
	B by4

done:
	RET

// func axpyNEON(n int, a float64, x, y *float64)
// n is a multiple of four.
TEXT ·axpyNEON(SB), NOSPLIT, $0-32
	MOVD n+0(FP), R0
	FMOVD a+8(FP), F31
	VDUP V31.D[0], V31.D2
	MOVD x+16(FP), R1
	MOVD y+24(FP), R2

by4:
	CBZ R0, done
	VLD1.P 32(R1), [V0.D2, V1.D2]
	VLD1 (R2), [V2.D2, V3.D2]
	VFMLA V0.D2, V31.D2, V2.D2
	VFMLA V1.D2, V31.D2, V3.D2
	VST1.P [V2.D2, V3.D2], 32(R2)
	SUB $4, R0
	B by4

done:
	RET

// func sumNEON(s *[lanes]float64, n int, x *float64)
// n is a multiple of eight.
TEXT ·sumNEON(SB), NOSPLIT, $0-24
	MOVD s+0(FP), R3
	MOVD n+8(FP), R0
	MOVD x+16(FP), R1
	VLD1 (R3), [V0.D2, V1.D2, V2.D2, V3.D2]

by8:
	CBZ R0, done
	VLD1.P 64(R1), [V4.D2, V5.D2, V6.D2, V7.D2]
	FADD(4, 0, 0)
	FADD(5, 1, 1)
	FADD(6, 2, 2)
	FADD(7, 3, 3)
	SUB $8, R0
	B by8

done:
	VST1 [V0.D2, V1.D2, V2.D2, V3.D2], (R3)
	RET

// func dotNEON(s *[lanes]float64, n int, x, y *float64)
// n is a multiple of eight.
TEXT ·dotNEON(SB), NOSPLIT, $0-32
	MOVD s+0(FP), R3
	MOVD n+8(FP), R0
	MOVD x+16(FP), R1
	MOVD y+24(FP), R2
	VLD1 (R3), [V0.D2, V1.D2, V2.D2, V3.D2]

by8:
	CBZ R0, done
	VLD1.P 64(R1), [V4.D2, V5.D2, V6.D2, V7.D2]
	VLD1.P 64(R2), [V16.D2, V17.D2, V18.D2, V19.D2]
	VFMLA V16.D2, V4.D2, V0.D2
	VFMLA V17.D2, V5.D2, V1.D2
	VFMLA V18.D2, V6.D2, V2.D2
	VFMLA V19.D2, V7.D2, V3.D2
	SUB $8, R0
	B by8

done:
	VST1 [V0.D2, V1.D2, V2.D2, V3.D2], (R3)
	RET

// CLAMP puts V3 between the next two of lo (R6, step R7) and up (R8, step R9).
#define CLAMP \
	VLD1.P (R6)(R7), [V4.D2] \
	FCMGT(3, 4, 5) \
	VBIT V5.B16, V4.B16, V3.B16 \
	VLD1.P (R8)(R9), [V4.D2] \
	FCMGT(4, 3, 5) \
	VBIT V5.B16, V4.B16, V3.B16

// MOVE ends a step of two values with v in V3, the point of before in V2: it
// leaves 2v − it in V6, moves the point at R1 from that of R2 by w (V30) and
// adds (v − before)² to the sum S. v goes to R10, step R11.
#define MOVE(S) \
	FNEG(2, 6) \
	VFMLA V3.D2, V29.D2, V6.D2 \
	VLD1.P 16(R2), [V7.D2] \
	FSUB(7, 6, 16) \
	VFMLA V16.D2, V30.D2, V7.D2 \
	VST1.P [V7.D2], 16(R1) \
	VST1.P [V3.D2], (R10)(R11) \
	FSUB(2, 3, 16) \
	VFMLA V16.D2, V16.D2, S.D2

#define PRIMAL(S) \
	VLD1.P (R5)(R12), [V0.D2] \
	VLD1.P 16(R4), [V1.D2] \
	FSUB(1, 0, 0) \
	VLD1 (R1), [V2.D2] \
	VMOV V2.B16, V3.B16 \
	VFMLS V0.D2, V31.D2, V3.D2 \
	CLAMP \
	MOVE(S) \
	VST1.P [V6.D2], 16(R3)

// func primalNEON(s *[lanes]float64, n int, to *float64, tos int, x, x0, xbar, aty, c *float64, cs int, lo *float64, los int, up *float64, ups int, tau, w float64)
// n is a multiple of eight; steps are bytes between pairs.
TEXT ·primalNEON(SB), NOSPLIT, $0-128
	MOVD s+0(FP), R13
	MOVD n+8(FP), R0
	MOVD to+16(FP), R10
	MOVD tos+24(FP), R11
	MOVD x+32(FP), R1
	MOVD x0+40(FP), R2
	MOVD xbar+48(FP), R3
	MOVD aty+56(FP), R4
	MOVD c+64(FP), R5
	MOVD cs+72(FP), R12
	MOVD lo+80(FP), R6
	MOVD los+88(FP), R7
	MOVD up+96(FP), R8
	MOVD ups+104(FP), R9
	FMOVD tau+112(FP), F31
	VDUP V31.D[0], V31.D2
	FMOVD w+120(FP), F30
	VDUP V30.D[0], V30.D2
	FMOVD $2.0, F29
	VDUP V29.D[0], V29.D2
	VLD1 (R13), [V20.D2, V21.D2, V22.D2, V23.D2]

by8:
	CBZ R0, done
	PRIMAL(V20)
	PRIMAL(V21)
	PRIMAL(V22)
	PRIMAL(V23)
	SUB $8, R0
	B by8

done:
	VST1 [V20.D2, V21.D2, V22.D2, V23.D2], (R13)
	RET

#define DUAL(S) \
	VLD1.P 16(R4), [V0.D2] \
	VLD1 (R1), [V2.D2] \
	VFMLS V2.D2, V28.D2, V0.D2 \
	VMOV V0.B16, V3.B16 \
	CLAMP \
	FSUB(0, 3, 3) \
	FMUL(31, 3, 3) \
	MOVE(S)

// func dualNEON(s *[lanes]float64, n int, to *float64, tos int, y, y0, a, lo *float64, los int, up *float64, ups int, sigma, inverse, w float64)
// n is a multiple of eight; steps are bytes between pairs.
TEXT ·dualNEON(SB), NOSPLIT, $0-112
	MOVD s+0(FP), R13
	MOVD n+8(FP), R0
	MOVD to+16(FP), R10
	MOVD tos+24(FP), R11
	MOVD y+32(FP), R1
	MOVD y0+40(FP), R2
	MOVD a+48(FP), R4
	MOVD lo+56(FP), R6
	MOVD los+64(FP), R7
	MOVD up+72(FP), R8
	MOVD ups+80(FP), R9
	FMOVD sigma+88(FP), F31
	VDUP V31.D[0], V31.D2
	FMOVD inverse+96(FP), F28
	VDUP V28.D[0], V28.D2
	FMOVD w+104(FP), F30
	VDUP V30.D[0], V30.D2
	FMOVD $2.0, F29
	VDUP V29.D[0], V29.D2
	VLD1 (R13), [V20.D2, V21.D2, V22.D2, V23.D2]

by8:
	CBZ R0, done
	DUAL(V20)
	DUAL(V21)
	DUAL(V22)
	DUAL(V23)
	SUB $8, R0
	B by8

done:
	VST1 [V20.D2, V21.D2, V22.D2, V23.D2], (R13)
	RET
