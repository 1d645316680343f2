import { repository, run } from '@landfall/testkit'
import { expect, test } from 'vitest'

test('the stand-in program plays roles on the loopback as its README says (go vet, go test)', async () => {
  const cwd = `${repository}packages/local-cluster/stand-in`
  const vet = await run('go', ['vet', './...'], { cwd })
  expect(vet.stderr).toBe('')
  const { code, stdout, stderr } = await run('go', ['test', './...'], { cwd })
  expect(`${stdout}${stderr}`).toMatch(/^ok /)
  expect(code).toBe(0)
})
