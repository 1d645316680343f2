import { expect, test } from 'vitest'
import { plainDisplay } from './plain.ts'

test('each change is one line with the time since the beginning; the same wait is told once', () => {
  let printed = ''
  let clock = 5_000
  const stderr = {
    write: (text: string) => {
      printed += text
    },
    columns: undefined,
    rows: undefined,
  }
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
  expect(printed).toBe(`   0.0s  building shop-api
  12.3s  building shop-api: done in 12 s
  12.3s  api: waits for migrate
  12.3s  copying ./media: 0.0 of 20.0 MiB
  12.3s  copied ./media: 20.0 MiB
  12.3s  ./config/app.ini was deleted by the program and is kept so (landfall up --reset-files ./config takes the project's)
  12.3s  3 files of ./data were changed by the program and are kept (landfall up --reset-files ./data takes the project's)
  12.3s  api: ready after 2.0 s
`)
})
