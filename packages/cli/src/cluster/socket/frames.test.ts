import { expect, test } from 'vitest'
import { clientFrame, OPCODE, serverFrames } from './frames.ts'

/** A frame of a server, whose content has no mask. */
function serverFrame(opcode: number, payload: Buffer, final = true): Buffer {
  const masked = clientFrame(opcode, payload)
  const head = masked.subarray(0, masked.length - payload.length - 4)
  head[0] = ((head[0] as number) & 0x0f) | (final ? 0x80 : 0)
  head[1] = (head[1] as number) & 0x7f
  return Buffer.concat([head, payload])
}

async function* inChunks(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

test.each([1, 3, 1000, 200_000])('frames of every length, in chunks of %d bytes', async (size) => {
  const lengths = [0, 1, 125, 126, 300, 70_000]
  const bytes = Buffer.concat(
    lengths.map((length) =>
      serverFrame(OPCODE.binary, Buffer.alloc(length, length % 251), length !== 1),
    ),
  )
  const frames = []
  for await (const frame of serverFrames(inChunks(bytes, size))) frames.push(frame)
  expect(frames.map(({ payload }) => payload.length)).toEqual(lengths)
  expect(frames.map(({ final }) => final)).toEqual(lengths.map((length) => length !== 1))
  for (const { payload } of frames)
    expect(payload.every((byte) => byte === payload.length % 251)).toBe(true)
})

test('a frame of a client is masked, and its content can be read', () => {
  const frame = clientFrame(OPCODE.binary, Buffer.from('hello'))
  const mask = frame.subarray(2, 6)
  expect(frame[0]).toBe(0x82)
  expect(frame[1]).toBe(0x85)
  expect(
    Buffer.from(
      [...frame.subarray(6)].map((byte, at) => byte ^ (mask[at & 3] as number)),
    ).toString(),
  ).toBe('hello')
})

test.each([
  ['a mask', Buffer.of(0x82, 0x81, 0, 0, 0, 0, 0)],
  ['an extension that nobody has agreed on', Buffer.of(0xc2, 0x01, 0)],
  ['more than anybody sends', Buffer.of(0x82, 127, 0, 0, 1, 0, 0, 0, 0, 0)],
])('not from a server: %s', async (_, bytes) => {
  const reading = async () => {
    for await (const _frame of serverFrames(inChunks(bytes, 100)));
  }
  await expect(reading()).rejects.toThrow('WebSocket frame')
})
