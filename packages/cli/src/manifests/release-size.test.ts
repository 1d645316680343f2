import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { releaseSizeLines } from './release-size.ts'

/** A text that no program compresses much: hex digits of hashes. */
function dense(length: number): string {
  let text = ''
  for (let number = 0; text.length < length; number++)
    text += createHash('sha256').update(String(number)).digest('base64')
  return text
}

test('a chart that does not fit into the Secret of a release is reported, and a large one that does is not', () => {
  expect(releaseSizeLines(new Map([['templates/a.yaml', 'x']]))).toEqual([])
  expect(
    releaseSizeLines(new Map([['templates/a.yaml', 'the same line\n'.repeat(100_000)]])),
  ).toEqual([])
  const [line] = releaseSizeLines(new Map([['templates/a.yaml', dense(1_000_000)]]))
  expect(line).toMatch(/^note: helm install refuses this chart: a release of about \d\.\d MiB/)
})
