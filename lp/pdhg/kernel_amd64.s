#include "textflag.h"
#include "kernel_amd64.h"

// How kernel.go makes an item out of its entries. 512 stands for AVX-512, 256 for AVX2 with FMA.

// Four lanes on, then four lanes off: from 8·(4−n) on, the mask of n lanes.
DATA ·lanesOf+0(SB)/8, $-1
DATA ·lanesOf+8(SB)/8, $-1
DATA ·lanesOf+16(SB)/8, $-1
DATA ·lanesOf+24(SB)/8, $-1
DATA ·lanesOf+32(SB)/8, $0
DATA ·lanesOf+40(SB)/8, $0
DATA ·lanesOf+48(SB)/8, $0
DATA ·lanesOf+56(SB)/8, $0
GLOBL ·lanesOf(SB), RODATA|NOPTR, $64

// PARTIAL512 adds R8 partial entries at R9 with the patterns at R10: DI is dst, SI src.
#define PARTIAL512(LOOP, LINE, NEXT, TEST) \
	JMP TEST \
LOOP: \
	MOVLQSX (R9), R12 \
	MOVLQSX 4(R9), AX \
	VBROADCASTSD 8(R9), Z0 \
	LEAQ (SI)(AX*8), R11 \
	LEAQ (R12)(R12*2), R12 \
	SHLQ $4, R12 \
	MOVQ 24(R10)(R12*1), R13 \
	MOVQ 32(R10)(R12*1), CX \
	ADDQ $16, R9 \
	TESTQ CX, CX \
	JZ NEXT \
LINE: \
	MOVLQSX (R13), AX \
	MOVLQSX 4(R13), BX \
	KMOVW 8(R13), K1 \
	VMOVUPD (DI)(BX*8), Z1 \
	VFMADD231PD (R11)(AX*8), Z0, K1, Z1 \
	VMOVUPD Z1, (DI)(BX*8) \
	ADDQ $12, R13 \
	DECQ CX \
	JNZ LINE \
NEXT: \
	DECQ R8 \
TEST: \
	TESTQ R8, R8 \
	JNZ LOOP

#define START4(A, B, C, D) \
	VMOVAPD Z31, A \
	VMOVAPD Z31, B \
	VMOVAPD Z31, C \
	VMOVAPD Z31, D

// ENTRY takes entry R11: Z30 is its value, AX where its values begin.
#define ENTRY \
	MOVLQSX (R9)(R11*4), AX \
	VBROADCASTSD (R10)(R11*8), Z30 \
	LEAQ (SI)(AX*8), AX \
	INCQ R11

#define FULL4(AT, A, B, C, D) \
	VFMADD231PD AT(AX), Z30, A \
	VFMADD231PD AT+64(AX), Z30, B \
	VFMADD231PD AT+128(AX), Z30, C \
	VFMADD231PD AT+192(AX), Z30, D

#define MASKED4(AT, A, B, C, D) \
	VFMADD231PD AT(AX), Z30, K1, A \
	VFMADD231PD AT+64(AX), Z30, K2, B \
	VFMADD231PD AT+128(AX), Z30, K3, C \
	VFMADD231PD AT+192(AX), Z30, K4, D

#define STORE4(AT, A, B, C, D) \
	VMOVUPD A, AT(DI) \
	VMOVUPD B, AT+64(DI) \
	VMOVUPD C, AT+128(DI) \
	VMOVUPD D, AT+192(DI)

#define STOREMASKED4(AT, A, B, C, D) \
	VMOVUPD A, K1, AT(DI) \
	VMOVUPD B, K2, AT+64(DI) \
	VMOVUPD C, K3, AT+128(DI) \
	VMOVUPD D, K4, AT+192(DI)

// func accumulate512(n int, dst *float64, start float64, src *float64, k int, whole *int32, wholes *float64, partials int, partial *patterned, patterns *pattern)
// While more than 128 values are left, 128 are summed up at once, in sixteen
// registers; the rest in as many as it needs by fours, of which the last four
// are masked. So each entry's values are read once and in one go.
TEXT ·accumulate512(SB), NOSPLIT, $0-80
	MOVQ n+0(FP), CX
	MOVQ dst+8(FP), DI
	VBROADCASTSD start+16(FP), Z31
	MOVQ src+24(FP), SI
	MOVQ k+32(FP), R8
	MOVQ whole+40(FP), R9
	MOVQ wholes+48(FP), R10
	TESTQ CX, CX
	JZ done
	DECQ CX
	MOVQ CX, BX
	ANDQ $31, CX
	MOVQ $2, AX
	SHLQ CX, AX // with one less, the lanes of the last 1 to 32 values
	DECQ AX
	LEAQ 1(BX), CX
	KMOVW AX, K1
	SHRQ $8, AX
	KMOVW AX, K2
	SHRQ $8, AX
	KMOVW AX, K3
	SHRQ $8, AX
	KMOVW AX, K4

more:
	CMPQ CX, $96
	JLE upto96
	CMPQ CX, $128
	JLE upto128

all128:
	START4(Z0, Z1, Z2, Z3)
	START4(Z4, Z5, Z6, Z7)
	START4(Z8, Z9, Z10, Z11)
	START4(Z12, Z13, Z14, Z15)
	XORQ R11, R11
	JMP all128test

all128entry:
	ENTRY
	FULL4(0, Z0, Z1, Z2, Z3)
	FULL4(256, Z4, Z5, Z6, Z7)
	FULL4(512, Z8, Z9, Z10, Z11)
	FULL4(768, Z12, Z13, Z14, Z15)

all128test:
	CMPQ R11, R8
	JLT all128entry
	STORE4(0, Z0, Z1, Z2, Z3)
	STORE4(256, Z4, Z5, Z6, Z7)
	STORE4(512, Z8, Z9, Z10, Z11)
	STORE4(768, Z12, Z13, Z14, Z15)
	ADDQ $1024, SI
	ADDQ $1024, DI
	SUBQ $128, CX
	JMP more

upto128:
	START4(Z0, Z1, Z2, Z3)
	START4(Z4, Z5, Z6, Z7)
	START4(Z8, Z9, Z10, Z11)
	START4(Z12, Z13, Z14, Z15)
	XORQ R11, R11
	JMP upto128test

upto128entry:
	ENTRY
	FULL4(0, Z0, Z1, Z2, Z3)
	FULL4(256, Z4, Z5, Z6, Z7)
	FULL4(512, Z8, Z9, Z10, Z11)
	MASKED4(768, Z12, Z13, Z14, Z15)

upto128test:
	CMPQ R11, R8
	JLT upto128entry
	STORE4(0, Z0, Z1, Z2, Z3)
	STORE4(256, Z4, Z5, Z6, Z7)
	STORE4(512, Z8, Z9, Z10, Z11)
	STOREMASKED4(768, Z12, Z13, Z14, Z15)
	JMP done

upto96:
	CMPQ CX, $32
	JLE upto32
	CMPQ CX, $64
	JLE upto64
	START4(Z0, Z1, Z2, Z3)
	START4(Z4, Z5, Z6, Z7)
	START4(Z8, Z9, Z10, Z11)
	XORQ R11, R11
	JMP upto96test

upto96entry:
	ENTRY
	FULL4(0, Z0, Z1, Z2, Z3)
	FULL4(256, Z4, Z5, Z6, Z7)
	MASKED4(512, Z8, Z9, Z10, Z11)

upto96test:
	CMPQ R11, R8
	JLT upto96entry
	STORE4(0, Z0, Z1, Z2, Z3)
	STORE4(256, Z4, Z5, Z6, Z7)
	STOREMASKED4(512, Z8, Z9, Z10, Z11)
	JMP done

upto64:
	START4(Z0, Z1, Z2, Z3)
	START4(Z4, Z5, Z6, Z7)
	XORQ R11, R11
	JMP upto64test

upto64entry:
	ENTRY
	FULL4(0, Z0, Z1, Z2, Z3)
	MASKED4(256, Z4, Z5, Z6, Z7)

upto64test:
	CMPQ R11, R8
	JLT upto64entry
	STORE4(0, Z0, Z1, Z2, Z3)
	STOREMASKED4(256, Z4, Z5, Z6, Z7)
	JMP done

upto32:
	CMPQ CX, $16
	JLE upto16
	START4(Z0, Z1, Z2, Z3)
	XORQ R11, R11
	JMP upto32test

upto32entry:
	ENTRY
	MASKED4(0, Z0, Z1, Z2, Z3)

upto32test:
	CMPQ R11, R8
	JLT upto32entry
	STOREMASKED4(0, Z0, Z1, Z2, Z3)
	JMP done

upto16:
	VMOVAPD Z31, Z0
	VMOVAPD Z31, Z1
	XORQ R11, R11
	JMP upto16test

upto16entry:
	ENTRY
	VFMADD231PD (AX), Z30, K1, Z0
	VFMADD231PD 64(AX), Z30, K2, Z1

upto16test:
	CMPQ R11, R8
	JLT upto16entry
	VMOVUPD Z0, K1, (DI)
	VMOVUPD Z1, K2, 64(DI)

done:
	MOVQ partials+56(FP), R8
	TESTQ R8, R8
	JZ end
	MOVQ dst+8(FP), DI
	MOVQ src+24(FP), SI
	MOVQ partial+64(FP), R9
	MOVQ patterns+72(FP), R10
	PARTIAL512(entry, part, next, test)

end:
	VZEROUPPER
	RET

// func accumulate256(n int, dst *float64, start float64, src *float64, k int, whole *int32, wholes *float64)
TEXT ·accumulate256(SB), NOSPLIT, $0-56
	MOVQ n+0(FP), CX
	MOVQ dst+8(FP), DI
	VBROADCASTSD start+16(FP), Y15
	MOVQ src+24(FP), SI
	MOVQ k+32(FP), R8
	MOVQ whole+40(FP), R9
	MOVQ wholes+48(FP), R10

by32:
	CMPQ CX, $32
	JLT by8
	VMOVAPD Y15, Y0
	VMOVAPD Y15, Y1
	VMOVAPD Y15, Y2
	VMOVAPD Y15, Y3
	VMOVAPD Y15, Y4
	VMOVAPD Y15, Y5
	VMOVAPD Y15, Y6
	VMOVAPD Y15, Y7
	XORQ R11, R11
	JMP test32

entry32:
	MOVLQSX (R9)(R11*4), AX
	VBROADCASTSD (R10)(R11*8), Y8
	LEAQ (SI)(AX*8), AX
	VFMADD231PD (AX), Y8, Y0
	VFMADD231PD 32(AX), Y8, Y1
	VFMADD231PD 64(AX), Y8, Y2
	VFMADD231PD 96(AX), Y8, Y3
	VFMADD231PD 128(AX), Y8, Y4
	VFMADD231PD 160(AX), Y8, Y5
	VFMADD231PD 192(AX), Y8, Y6
	VFMADD231PD 224(AX), Y8, Y7
	INCQ R11

test32:
	CMPQ R11, R8
	JLT entry32
	VMOVUPD Y0, (DI)
	VMOVUPD Y1, 32(DI)
	VMOVUPD Y2, 64(DI)
	VMOVUPD Y3, 96(DI)
	VMOVUPD Y4, 128(DI)
	VMOVUPD Y5, 160(DI)
	VMOVUPD Y6, 192(DI)
	VMOVUPD Y7, 224(DI)
	ADDQ $256, SI
	ADDQ $256, DI
	SUBQ $32, CX
	JMP by32

by8:
	CMPQ CX, $8
	JLT by4
	VMOVAPD Y15, Y0
	VMOVAPD Y15, Y1
	XORQ R11, R11
	JMP test8

entry8:
	MOVLQSX (R9)(R11*4), AX
	VBROADCASTSD (R10)(R11*8), Y8
	LEAQ (SI)(AX*8), AX
	VFMADD231PD (AX), Y8, Y0
	VFMADD231PD 32(AX), Y8, Y1
	INCQ R11

test8:
	CMPQ R11, R8
	JLT entry8
	VMOVUPD Y0, (DI)
	VMOVUPD Y1, 32(DI)
	ADDQ $64, SI
	ADDQ $64, DI
	SUBQ $8, CX
	JMP by8

by4:
	TESTQ CX, CX
	JLE done
	MOVQ CX, DX
	CMPQ DX, $4
	JLE mask
	MOVQ $4, DX

mask:
	MASK(DX, AX, Y14)
	VMOVAPD Y15, Y0
	XORQ R11, R11
	JMP test4

entry4:
	MOVLQSX (R9)(R11*4), AX
	VBROADCASTSD (R10)(R11*8), Y8
	VMASKMOVPD (SI)(AX*8), Y14, Y1
	VFMADD231PD Y1, Y8, Y0
	INCQ R11

test4:
	CMPQ R11, R8
	JLT entry4
	VMASKMOVPD Y0, Y14, (DI)
	ADDQ $32, SI
	ADDQ $32, DI
	SUBQ $4, CX
	JMP by4

done:
	VZEROUPPER
	RET

// func addPartial512(dst, src *float64, partials int, partial *patterned, patterns *pattern)
TEXT ·addPartial512(SB), NOSPLIT, $0-40
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ partials+16(FP), R8
	MOVQ partial+24(FP), R9
	MOVQ patterns+32(FP), R10
	PARTIAL512(entry, part, next, test)
	VZEROUPPER
	RET
