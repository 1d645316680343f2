import { readFileSync, rmSync } from 'node:fs'
import { machineClock } from '@landfall/kube'
import { writeNew } from '../files/new-file.ts'
import { withLock } from '../lock.ts'
import { identify, isRunning } from '../process-identity.ts'

// A process of lock.long.test.ts: takes the lock again and again, and fails if another one works at the same time.

const [file = '', rounds = '0'] = process.argv.slice(2)
const inside = `${file}.inside`
const clock = { ...machineClock, sleep: () => machineClock.sleep(Math.random() * 2) }

for (let round = 0; round < Number(rounds); round++)
  await withLock(
    file,
    async () => {
      const own = JSON.stringify(identify(process.pid))
      try {
        writeNew(inside, own)
      } catch {
        if (isRunning(JSON.parse(readFileSync(inside, 'utf8')))) throw new Error('two at once')
        // the one before was killed while it worked
        rmSync(inside)
        writeNew(inside, own)
      }
      await machineClock.sleep(Math.random() * 2)
      if (readFileSync(inside, 'utf8') !== own) throw new Error('another one came in')
      rmSync(inside)
    },
    undefined,
    clock,
  )
