import { expect, test } from 'vitest'
import { plainDisplay } from './plain.ts'

function recorder() {
  let printed = ''
  const stderr = {
    write: (text: string) => {
      printed += text
    },
    columns: undefined,
    rows: undefined,
  }
  return { stderr, printed: () => printed }
}

test('progress of a step is shown every four seconds, with the time that the step has taken', () => {
  const { stderr, printed } = recorder()
  let clock = 0
  const display = plainDisplay({ stderr, now: () => clock })
  clock = 2_000
  display.progress({ step: 'building Kubernetes', state: 'start' })
  for (let second = 1; second <= 9; second++) {
    clock += 1000
    display.progress({ step: 'building Kubernetes', state: 'progress', detail: `${second} of 9` })
  }
  display.progress({ step: 'building Kubernetes', state: 'done', ms: 9_000 })
  expect(printed()).toBe(`   2.0s  building Kubernetes
   6.0s  building Kubernetes: 4 of 9 (4.0 s)
  10.0s  building Kubernetes: 8 of 9 (8.0 s)
  11.0s  building Kubernetes: done in 9.0 s
`)
})

test('each change is one line with the time since the beginning; the same wait is printed once', () => {
  const { stderr, printed } = recorder()
  let clock = 5_000
  const display = plainDisplay({ stderr, now: () => clock })
  display.progress({ step: 'building shop-api', state: 'start' })
  display.progress({ step: 'building shop-api', state: 'progress', detail: 'npm ci' })
  clock += 12_340
  display.progress({ step: 'building shop-api', state: 'done', ms: 12_340 })
  const wait = { type: 'wait', object: 'deployment/api', message: 'waits for migrate' } as const
  display.deploy(wait)
  display.deploy(wait)
  const copy = { type: 'copy', claim: 'media', tree: './media', total: 20 * 1024 * 1024 } as const
  for (const mebibytes of [0, 1, 2])
    display.deploy({ ...copy, state: 'progress', bytes: mebibytes * 1024 * 1024 })
  display.deploy({ ...copy, state: 'done', bytes: copy.total })
  const file = { path: './config/app.ini', why: 'deleted in the volume' }
  display.deploy({ type: 'kept', tree: './config', files: [file] })
  display.deploy({ type: 'kept', tree: './data', files: [file, file, file] })
  display.deploy({ type: 'ready', object: 'service/api', ms: 1 })
  display.deploy({ type: 'ready', object: 'deployment/api', ms: 2_000 })
  expect(printed()).toBe(`   0.0s  building shop-api
  12.3s  building shop-api: done in 12 s
  12.3s  api: waits for migrate
  12.3s  copying ./media: 0.0 of 20.0 MiB
  12.3s  copied ./media: 20.0 MiB
  12.3s  ./config/app.ini was deleted by the program and stays deleted (landfall up --reset-files ./config takes the project's)
  12.3s  3 files of ./data were changed by the program and are kept (landfall up --reset-files ./data takes the project's)
  12.3s  api: ready after 2.0 s
`)
})
