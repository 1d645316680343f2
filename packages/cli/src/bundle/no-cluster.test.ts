import { expect, test } from 'vitest'
import { quietTerminal } from '../quiet-terminal.ts'
import { run } from '../run.ts'

test('a bundle that is not there is reported before anything about a cluster', async () => {
  const { terminal, printed } = quietTerminal('/')
  const env = { ...terminal.env, KUBECONFIG: '/no/kubeconfig' }
  const code = await run(['up', '--bundle', 'no-such-chart'], { ...terminal, env })
  expect(code).toBe(2)
  expect(printed.stderr).toMatch(/^landfall: no such file or directory: no-such-chart\n/)
  expect(printed.stderr).not.toContain('kubeconfig')
})
