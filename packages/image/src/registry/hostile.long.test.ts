import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { modes } from './hostile-modes.ts'
import { askHostile } from './hostile-registry.ts'

describe('a hostile registry is an answer with a reason', () => {
  test.each(Object.entries(modes))('%s', async (_, mode) => {
    const answer = await askHostile(mode)
    if (mode.problem !== undefined)
      expect(answer).toEqual({ ok: false, problem: expect.stringMatching(mode.problem) })
    else expect(answer).toMatchObject({ ok: true })
    if (mode.unread !== undefined)
      expect(answer).toMatchObject({ unread: expect.stringMatching(mode.unread) })
    const text = answer.ok ? (answer.unread ?? '') : answer.problem
    expect(text.split('\n')).toHaveLength(1)
    expect(text.length).toBeLessThan(400)
  })
})

test('there are many of them', () => {
  expect(Object.keys(modes).length).toBeGreaterThan(60)
})

/** Seconds of a processor, which other programs on the machine do not change, and MiB. */
test('all of them together take seconds, and less than 300 MiB', () => {
  const source = (name: string) => JSON.stringify(new URL(name, import.meta.url).href)
  const script = `
    const { modes } = await import(${source('hostile-modes.ts')})
    const { askHostile } = await import(${source('hostile-registry.ts')})
    let slowest = ['', 0]
    for (const [name, mode] of Object.entries(modes)) {
      const before = process.cpuUsage()
      await askHostile(mode)
      const { user, system } = process.cpuUsage(before)
      const seconds = (user + system) / 1e6
      if (seconds > slowest[1]) slowest = [name, seconds]
    }
    const { maxRSS } = process.resourceUsage()
    process.stdout.write(JSON.stringify({ slowest, memory: Math.round(maxRSS / 1024) }))
    process.exit()`
  const flags = ['--conditions=landfall-source', '--import', 'tsx', '--input-type=module']
  const printed = execFileSync(process.execPath, [...flags, '--eval', script], { encoding: 'utf8' })
  const { slowest, memory } = JSON.parse(printed)
  expect(slowest[1], slowest[0]).toBeLessThan(15)
  expect(memory).toBeLessThan(300)
})
