import { askEngine } from '@landfall/image'
import { recordedTools } from '@landfall/testkit/recorded-tools'
import { afterEach, expect, test } from 'vitest'
import { nerdctlEngine } from './nerdctl.ts'

const config = { Os: 'linux', Architecture: 'amd64', Config: { User: '7' } }
const tools = recordedTools({
  nerdctl: [
    { when: /shop\/api:1$/, print: JSON.stringify(config) },
    { when: /other$/, printError: 'FATA[0000] 1 errors: [no such image: other]', exit: 1 },
    { when: /off$/, printError: 'FATA[0000] cannot access containerd socket', exit: 1 },
  ],
})
afterEach(() => tools.close())

test('facts of an image come from containerd through nerdctl', async () => {
  const env = { PATH: `${tools.directory}:${process.env.PATH}` }
  const ask = askEngine(nerdctlEngine(`${tools.directory}/nerdctl`, env), 60_000)
  expect(await ask({ image: 'shop/api:1' })).toMatchObject({
    ok: true,
    local: true,
    facts: { user: '7' },
  })
  expect(await ask({ image: 'other' })).toMatchObject({
    problem: 'the container engine does not have it',
  })
  expect(await ask({ image: 'off' })).toMatchObject({
    problem: 'the container engine does not respond',
  })
  expect(tools.lines()[0]).toBe(
    'nerdctl image inspect --mode dockercompat --format {{json .}} shop/api:1',
  )
})
