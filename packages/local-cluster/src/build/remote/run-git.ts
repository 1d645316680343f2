import { spawn } from 'node:child_process'
import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type ContextLimits, ContextProblem, tooLarge } from './limits.ts'

/** A repository that is fetched into a directory of its own. */
export interface GitPlace {
  /** The directory that holds `.git`. */
  directory: string
  /** The address, which may hold a password: it is in the environment of git, never in its arguments. */
  url: string
  /** Variables of the user: proxies, the SSH agent, certificates. */
  env: Readonly<Record<string, string | undefined>>
  limits: ContextLimits
  /** When it has to be done, on the clock of `performance.now()`. */
  deadline: number
}

/** Variables of git that say how to connect; the others could lead to another repository. */
const CONNECTS = /^GIT_(?:SSH|SSL|PROXY|HTTP_PROXY|CURL)/

/** Events with which this process ends, and git has to. */
const ENDING = ['exit', 'SIGINT', 'SIGTERM', 'SIGHUP']

/** Milliseconds between two looks at the size of what is fetched. */
const LOOK_EVERY = 500

/**
 * Runs git and resolves with the lines that it prints; `onLine` gets them instead if there is one, and ends git by throwing.
 * No hook runs, no submodule is fetched, nothing prompts, and only https, http, ssh and git are spoken. Throws ContextProblem.
 */
export function runGit(
  place: GitPlace,
  args: readonly string[],
  onLine?: (line: string) => void,
): Promise<string[]> {
  return new Promise((resolve, reject) => {
    // Without a terminal of its own, neither git nor ssh can prompt.
    const child = spawn('git', args, {
      cwd: place.directory,
      env: environmentOf(place),
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const lines: string[] = []
    let errors = ''
    let problem: Error | undefined
    const end = (why: Error) => {
      problem ??= why
      if (child.pid !== undefined) stop(child.pid)
    }
    const late = setTimeout(
      () => end(new ContextProblem(`git took longer than ${place.limits.time / 1000} s`)),
      Math.max(0, place.deadline - performance.now()),
    )
    const look = setInterval(() => {
      if (isLarger(place.directory, place.limits)) end(tooLarge(place.limits))
    }, LOOK_EVERY)
    const withParent = (signal?: unknown) => {
      end(new ContextProblem('interrupted'))
      for (const name of ENDING) process.off(name, withParent)
      // Without a listener of its own, the command ends as it would have without git.
      if (typeof signal === 'string' && process.listenerCount(signal) === 0)
        process.kill(process.pid, signal as NodeJS.Signals)
    }
    for (const name of ENDING) process.on(name, withParent)
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (problem !== undefined) return
      try {
        if (onLine === undefined) lines.push(line)
        else onLine(line)
      } catch (error) {
        end(error as Error)
      }
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors = `${errors}${text}`.slice(-4096)
    })
    const done = (failure: Error | undefined) => {
      clearTimeout(late)
      clearInterval(look)
      for (const name of ENDING) process.off(name, withParent)
      if (failure === undefined) resolve(lines)
      else reject(failure)
    }
    child.on('error', ({ message }) => done(new ContextProblem(`git cannot be run: ${message}`)))
    child.on('close', (code) =>
      done(problem ?? (code === 0 ? undefined : new ContextProblem(firstError(errors, place.url)))),
    )
  })
}

function environmentOf({ url, env }: GitPlace): Record<string, string | undefined> {
  const settings = {
    'remote.origin.url': url,
    'core.hooksPath': '/dev/null',
    'core.fsmonitor': 'false',
    'credential.interactive': 'false',
    'submodule.recurse': 'false',
    'advice.detachedHead': 'false',
    'gc.auto': '0',
  }
  const kept = Object.entries(env).filter(
    ([name]) => !name.startsWith('GIT_') || CONNECTS.test(name),
  )
  return {
    ...Object.fromEntries(kept),
    LC_ALL: 'C',
    GIT_ALLOW_PROTOCOL: 'https:http:ssh:git',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: 'false',
    SSH_ASKPASS: 'false',
    SSH_ASKPASS_REQUIRE: 'never',
    GIT_CONFIG_COUNT: String(Object.keys(settings).length),
    ...Object.fromEntries(
      Object.entries(settings).flatMap(([key, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, key],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
  }
}

/** Ends git with the programs that it has started. */
function stop(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
}

function isLarger(directory: string, { bytes, entries }: ContextLimits): boolean {
  let left = bytes
  let count = entries
  const open = [directory]
  for (let next = open.pop(); next !== undefined; next = open.pop())
    for (const entry of entriesOf(next)) {
      const path = join(next, entry.name)
      if (entry.isDirectory()) open.push(path)
      else left -= sizeOf(path)
      if (left < 0 || --count < 0) return true
    }
  return false
}

/** Git removes files while it works. */
function entriesOf(directory: string) {
  try {
    return readdirSync(directory, { withFileTypes: true })
  } catch {
    return []
  }
}

function sizeOf(path: string): number {
  return lstatSync(path, { throwIfNoEntry: false })?.size ?? 0
}

/** The line that says why, without the address as it was written: it may hold a password. */
function firstError(errors: string, url: string): string {
  const lines = errors.split('\n').map((line) => line.trim())
  const line =
    lines.find((one) => /^(?:fatal|error):/.test(one)) ??
    lines.findLast((one) => one !== '') ??
    'git failed'
  const secret = /^[a-z]+:\/\/([^/@]+)@/i.exec(url)?.[1]
  const plain = secret === undefined ? line : line.replaceAll(secret, '…')
  return plain.replace(/^(?:fatal|error): /, '')
}
