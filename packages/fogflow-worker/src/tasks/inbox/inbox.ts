import type { Clock } from '@landfall/kube'
import { refusalIn } from '../store/store.ts'
import type { InboxObject } from './inbox-object.ts'
import type { Letter } from './letter.ts'

/**
 * Makes messages safe. One that is alone is safe when its task is kept; of a burst, all that wait are stored together, so that they are safe long
 * before the API server has taken an object for each.
 */
export interface Inbox {
  /** What an earlier run has left, in the order of arrival. From here on, no other run can store any more. Throws as the client does. */
  open(): Promise<readonly string[]>
  /** Follows the work on a message that an earlier run has left. */
  restore(letter: Letter, work: Promise<void>): void
  /** Fulfilled when a restart would not lose the message, whatever `work` has done until then. Rejected when the signal is aborted before. */
  accept(letter: Letter, work: Promise<void>): Promise<void>
  /** Deletes what is stored: nobody does it any more. Throws as the client does. */
  end(): Promise<void>
}

export interface InboxOptions {
  object: InboxObject
  clock: Clock
  signal: AbortSignal
  log(text: string): void
}

interface Entry extends Letter {
  kept: boolean
  isSuperseded: boolean
  /** Tells the one that waits; undefined when it was told. */
  safe?: (() => void) | undefined
  /** There was no room for it. */
  isLeftOut?: boolean
}

/** Bytes: an object holds 1 MiB. https://kubernetes.io/docs/concepts/configuration/configmap/ */
const LARGEST = 900_000
const RETRY_MS = 1_000

export function inboxOf({ object, clock, signal, log }: InboxOptions): Inbox {
  /** In the order of arrival: those that are not kept, and those that are and wait to be told. */
  const entries = new Set<Entry>()
  /** Whether messages are stored, or may be. While they are, whatever comes must be stored after them: a restart would do them again. */
  let holds = false
  let canStore = true
  let storing = false

  let said = ''
  const say = (text: string): void => {
    if (text !== said) log(text)
    said = text
  }
  const tell = (entry: Entry): void => {
    entry.safe?.()
    entry.safe = undefined
    if (entry.kept) entries.delete(entry)
  }
  const tellKept = (): void => {
    if (holds) return
    for (const entry of [...entries]) if (entry.kept) tell(entry)
  }
  /** The messages to store. What does not fit has to be kept first, with all that came later. */
  const stored = (): Entry[] => {
    const wanted = [...entries].filter(({ kept, isSuperseded }) => !kept && !isSuperseded)
    let size = 0
    const fitting = wanted.findIndex(({ text }) => {
      size += Buffer.byteLength(JSON.stringify(text)) + 1
      return size > LARGEST
    })
    const first = fitting < 0 ? wanted : wanted.slice(0, fitting)
    for (const entry of wanted) entry.isLeftOut = !first.includes(entry)
    return first
  }
  const isDue = (): boolean => {
    const unkept = [...entries].filter(({ kept }) => !kept).length
    const waiting = [...entries].some(
      ({ safe, kept, isLeftOut }) => safe !== undefined && (kept || !isLeftOut),
    )
    return holds ? unkept === 0 || waiting : unkept > 1 && waiting
  }
  const storeOnce = async (): Promise<void> => {
    const before = holds
    const letters = stored()
    const told = [...entries].filter(({ kept, isSuperseded }) => kept || isSuperseded)
    holds ||= letters.length > 0
    try {
      await object.write(letters.map(({ text }) => text))
      holds = letters.length > 0
      said = ''
      for (const entry of [...letters, ...told]) tell(entry)
    } catch (error) {
      if (refusalIn(error) !== undefined) holds = before
      tellKept()
      say(`messages cannot be stored together: ${(error as Error).message}`)
      await clock.sleep(RETRY_MS, signal).catch(() => {})
    }
  }
  /** Stores until everything is as it should be. */
  const store = async (): Promise<void> => {
    if (storing || !canStore) return
    storing = true
    while (isDue() && !signal.aborted) await storeOnce()
    storing = false
  }
  const follow = (entry: Entry, work: Promise<void>): void => {
    if (entry.supersedes)
      for (const other of entries) if (other.taskId === entry.taskId) other.isSuperseded = true
    entries.add(entry)
    work.then(
      () => {
        entry.kept = true
        if (entry.safe === undefined) entries.delete(entry)
        tellKept()
        void store()
      },
      // only the end of the worker ends it: what is stored is done by the next run
      () => {},
    )
  }
  return {
    async open() {
      try {
        const left = await object.takeOver()
        holds = left.length > 0
        return left
      } catch (error) {
        if (refusalIn(error) === undefined) throw error
        canStore = false
        say(`messages are kept one by one: ${(error as Error).message}`)
        return []
      }
    },
    restore: (letter, work) => follow({ ...letter, kept: false, isSuperseded: false }, work),
    accept: (letter, work) =>
      new Promise((safe, reject) => {
        const ends = () => reject(signal.reason)
        if (signal.aborted) return ends()
        signal.addEventListener('abort', ends, { once: true })
        const told = () => {
          signal.removeEventListener('abort', ends)
          safe()
        }
        follow({ ...letter, kept: false, isSuperseded: false, safe: told }, work)
        void store()
      }),
    async end() {
      if (canStore) await object.delete()
    },
  }
}
