/** Where the program is loaded, and the places of its parts from there (and from the begin of the file) in bytes. */
const BASE = 0x400000
const ACTION = 0xb0
const SET = 0xd0
const CODE = 0xd8

/**
 * The instructions for one kind of processor: four system calls. SIGCHLD is ignored, so that the kernel collects every process that ends
 * (sigaction(2)). SIGINT and SIGTERM are blocked, because signals without a handler are discarded for process 1 unless they are
 * blocked. sigtimedwait(2) waits for one of these two; after an interruption it waits again. Then the program exits with 0.
 */
const machines: Record<string, { elf: number; code: () => Buffer }> = {
  amd64: {
    elf: 62,
    code: () =>
      Buffer.from(
        [
          'bf 11 00 00 00', //    mov edi, 17       rt_sigaction(SIGCHLD, action, NULL, 8)
          'be b0 00 40 00', //    mov esi, action
          '31 d2', //             xor edx, edx
          '41 ba 08 00 00 00', // mov r10d, 8
          'b8 0d 00 00 00', //    mov eax, 13
          '0f 05', //             syscall
          '31 ff', //             xor edi, edi      rt_sigprocmask(SIG_BLOCK, set, NULL, 8)
          'be d0 00 40 00', //    mov esi, set
          'b8 0e 00 00 00', //    mov eax, 14
          '0f 05', //             syscall
          'bf d0 00 40 00', //    mov edi, set      wait: rt_sigtimedwait(set, NULL, NULL, 8)
          '31 f6', //             xor esi, esi
          'b8 80 00 00 00', //    mov eax, 128
          '0f 05', //             syscall
          '48 85 c0', //          test rax, rax
          '78 ed', //             js wait
          '31 ff', //             xor edi, edi      exit_group(0)
          'b8 e7 00 00 00', //    mov eax, 231
          '0f 05', //             syscall
        ]
          .join('')
          .replaceAll(' ', ''),
        'hex',
      ),
  },
  arm64: {
    elf: 183,
    code: () =>
      words([
        0xd2800220, // mov x0, #17          rt_sigaction(SIGCHLD, action, NULL, 8)
        0xd2801601, // mov x1, action
        0xf2a00801, // movk x1, #0x40, lsl #16
        0xd2800002, // mov x2, #0
        0xd2800103, // mov x3, #8
        0xd28010c8, // mov x8, #134
        0xd4000001, // svc #0
        0xd2800000, // mov x0, #0           rt_sigprocmask(SIG_BLOCK, set, NULL, 8)
        0xd2801a01, // mov x1, set
        0xf2a00801, // movk x1, #0x40, lsl #16
        0xd28010e8, // mov x8, #135
        0xd4000001, // svc #0
        0xd2801a00, // mov x0, set          wait: rt_sigtimedwait(set, NULL, NULL, 8)
        0xf2a00800, // movk x0, #0x40, lsl #16
        0xd2800001, // mov x1, #0
        0xd2801128, // mov x8, #137
        0xd4000001, // svc #0
        0xb7ffff60, // tbnz x0, #63, wait
        0xd2800000, // mov x0, #0           exit_group(0)
        0xd2800bc8, // mov x8, #94
        0xd4000001, // svc #0
      ]),
  },
}

/**
 * The program of the pods' sandbox image, as an ELF file (elf(5)) without libraries: it keeps a pod's namespaces, collects the processes that
 * are orphaned in them (pods with `shareProcessNamespace`), and exits with 0 on SIGINT or SIGTERM. `architecture` is Go's
 * name for the processor. Throws an Error for a processor that it is not written for.
 */
export function pauseProgram(architecture: string): Buffer {
  const machine = machines[architecture]
  if (machine === undefined)
    throw new Error(
      `a local cluster needs a processor of the kind amd64 or arm64; this machine has ${architecture}`,
    )
  const code = machine.code()
  const size = CODE + code.length
  const file = Buffer.alloc(size)
  file.write('7f454c46020101', 'hex') // 64 bits, little-endian, version 1
  file.writeUInt16LE(2, 16) // an executable at fixed addresses
  file.writeUInt16LE(machine.elf, 18)
  file.writeUInt32LE(1, 20) // version
  file.writeBigUInt64LE(BigInt(BASE + CODE), 24) // where it starts
  file.writeBigUInt64LE(64n, 32) // where the program headers are
  file.writeUInt16LE(64, 52) // size of this header
  file.writeUInt16LE(56, 54) // size of a program header
  file.writeUInt16LE(2, 56) // number of program headers
  const load = file.subarray(64)
  load.writeUInt32LE(1, 0) // PT_LOAD: the whole file
  load.writeUInt32LE(5, 4) // can be read and executed
  load.writeBigUInt64LE(BigInt(BASE), 16)
  load.writeBigUInt64LE(BigInt(BASE), 24)
  load.writeBigUInt64LE(BigInt(size), 32)
  load.writeBigUInt64LE(BigInt(size), 40)
  load.writeBigUInt64LE(0x10000n, 48) // the largest page of both processors
  const stack = file.subarray(64 + 56)
  stack.writeUInt32LE(0x6474e551, 0) // PT_GNU_STACK: the stack
  stack.writeUInt32LE(6, 4) // can be read and written
  file.writeBigUInt64LE(1n, ACTION) // SIG_IGN; flags, restorer and mask are 0
  file.writeBigUInt64LE(0x4002n, SET) // bit 1 is SIGINT (2), bit 14 is SIGTERM (15)
  code.copy(file, CODE)
  return file
}

function words(instructions: readonly number[]): Buffer {
  const bytes = Buffer.alloc(instructions.length * 4)
  for (const [at, instruction] of instructions.entries()) bytes.writeUInt32LE(instruction, at * 4)
  return bytes
}
