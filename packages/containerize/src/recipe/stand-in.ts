export type Processor = 'amd64' | 'arm64'

/** Where the program is loaded; any address of a program that is not relocated. */
const BASE = 0x400000
const HEADERS = 64 + 56

/**
 * A program that takes the place of `java` while a start script runs: execve of /bin/sh with `script`, its own arguments (argv[0]
 * included) and its environment. It is a static ELF file, because some start scripts test what `file java` prints. No library, no
 * writable segment: it only uses the stack on which the kernel puts the arguments.
 * Reference: System V ABI, "Object Files" and the processor supplements ("Initial Stack and Register State").
 */
export function standIn(script: string, processor: Processor): Uint8Array {
  const shell = Buffer.from('/bin/sh\0')
  const text = Buffer.from(`${script}\0`)
  const { machine, code } = PROCESSORS[processor]
  const length = code(0, 0).length
  const start = BASE + HEADERS
  const instructions = code(length, length + shell.length)
  const size = HEADERS + length + shell.length + text.length
  const header = Buffer.alloc(HEADERS)
  header.write('\x7fELF\x02\x01\x01', 'latin1')
  header.writeUInt16LE(2, 16) // ET_EXEC
  header.writeUInt16LE(machine, 18)
  header.writeUInt32LE(1, 20)
  header.writeBigUInt64LE(BigInt(start), 24)
  header.writeBigUInt64LE(64n, 32) // program headers
  header.writeUInt16LE(64, 52)
  header.writeUInt16LE(56, 54)
  header.writeUInt16LE(1, 56)
  header.writeUInt16LE(64, 58)
  header.writeUInt32LE(1, 64) // PT_LOAD
  header.writeUInt32LE(5, 68) // readable, executable
  header.writeBigUInt64LE(BigInt(BASE), 80)
  header.writeBigUInt64LE(BigInt(BASE), 88)
  header.writeBigUInt64LE(BigInt(size), 96)
  header.writeBigUInt64LE(BigInt(size), 104)
  header.writeBigUInt64LE(0x10000n, 112)
  return Buffer.concat([header, instructions, shell, text])
}

/** `code` gets the offsets of the two texts from its own start. */
const PROCESSORS: Readonly<
  Record<Processor, { machine: number; code: (shell: number, script: number) => Buffer }>
> = {
  amd64: {
    machine: 62,
    code(shell, script) {
      const code = Buffer.from(
        [
          '488b1c24', //          mov rbx, [rsp]            argc
          '488d54dc10', //        lea rdx, [rsp+rbx*8+16]   envp
          '488d0500000000', //    lea rax, [rip+script]
          '48890424', //          mov [rsp], rax            argv[1] in the place of argc
          '488d3d00000000', //    lea rdi, [rip+shell]
          '57', //                push rdi                  argv[0]
          '4889e6', //            mov rsi, rsp
          'b83b000000', //        mov eax, 59               execve
          '0f05', //              syscall
          'bf7f000000', //        mov edi, 127
          'b83c000000', //        mov eax, 60               exit
          '0f05', //              syscall
        ].join(''),
        'hex',
      )
      code.writeInt32LE(script - 16, 12)
      code.writeInt32LE(shell - 27, 23)
      return code
    },
  },
  arm64: {
    machine: 183,
    code(shell, script) {
      const words = [
        0xf94003e3, //                    ldr x3, [sp]              argc
        0x910043e2, //                    add x2, sp, #16
        0x8b030c42, //                    add x2, x2, x3, lsl #3    envp
        adr(4, script - 12), //           adr x4, script
        0xf90003e4, //                    str x4, [sp]              argv[1] in the place of argc
        adr(0, shell - 20), //            adr x0, shell
        0xd10023e1, //                    sub x1, sp, #8
        0xf9000020, //                    str x0, [x1]              argv[0]
        0xd2801ba8, //                    mov x8, #221              execve
        0xd4000001, //                    svc #0
        0xd2800fe0, //                    mov x0, #127
        0xd2800ba8, //                    mov x8, #93               exit
        0xd4000001, //                    svc #0
      ]
      const code = Buffer.alloc(words.length * 4)
      for (const [index, word] of words.entries()) code.writeUInt32LE(word >>> 0, index * 4)
      return code
    },
  },
}

/** `adr xN, #offset` (Arm Architecture Reference Manual, C6.2). */
function adr(register: number, offset: number): number {
  return 0x10000000 | ((offset & 3) << 29) | (((offset >> 2) & 0x7ffff) << 5) | register
}
