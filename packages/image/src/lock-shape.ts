import { ownValue } from '@landfall/diagnostic'
import type { ImageFacts } from './facts.ts'

type Check = (value: unknown) => boolean

const isText: Check = (value) => typeof value === 'string'

const isNumber: Check = (value) => Number.isInteger(value) && (value as number) >= 0

const isWords: Check = (value) => Array.isArray(value) && value.every(isText)

const isRecord: Check = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const eachIs =
  (check: Check): Check =>
  (value) =>
    isRecord(value) && Object.values(value as object).every(check)

/** An object whose known keys have their types, where they are there. */
const has =
  (shape: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isRecord(value) &&
    Object.entries(value as object).every(([key, child]) => ownValue(shape, key)?.(child) ?? true)

const isHealthcheck: Check = (value) =>
  has({
    test: isWords,
    interval: isText,
    timeout: isText,
    start_period: isText,
    start_interval: isText,
    retries: isNumber,
  })(value) && isWords((value as { test?: unknown }).test)

const isUser: Check = (value) => {
  const { uid, gid } = (value ?? {}) as { uid?: unknown; gid?: unknown }
  return isNumber(uid) && isNumber(gid)
}

const isAccounts: Check = (value) => {
  const { users, groups } = (value ?? {}) as { users?: unknown; groups?: unknown }
  return eachIs(isUser)(users) && eachIs(isNumber)(groups)
}

const FACTS: Readonly<Record<keyof ImageFacts, Check>> = {
  from: (value) => value === 'table',
  digest: isText,
  platform: isText,
  entrypoint: isWords,
  command: isWords,
  environment: eachIs(isText),
  ports: isWords,
  user: isText,
  volumes: isWords,
  workingDirectory: isText,
  healthcheck: isHealthcheck,
  stopSignal: isText,
  shell: isWords,
  labels: eachIs(isText),
  accounts: isAccounts,
}

/** Whether a value of a lock file can be used as facts: the file may have been edited. */
export function areFacts(value: unknown): value is ImageFacts {
  return has(FACTS)(value)
}
