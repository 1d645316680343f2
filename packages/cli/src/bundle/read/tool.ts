import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { CommandFailed } from '../../errors.ts'
import { findProgram } from '../../foreign/images/run-tool.ts'
import type { Terminal } from '../../terminal.ts'

/** Characters that a program may print: all objects of a large chart are less. */
const MOST_PRINTED = 64 * 1024 * 1024

/** Milliseconds; a chart of a registry is downloaded. */
const LIMIT_MS = 300_000

/** A program of the user that renders manifests. */
interface Renderer {
  name: string
  /** The variable that has its path if it is not in PATH. */
  variable: string
  /** Where it is to be had. */
  install: string
  /** What works without it. */
  otherwise: string
}

export const HELM: Renderer = {
  name: 'helm',
  variable: 'LANDFALL_HELM',
  install: 'https://helm.sh/docs/intro/install/',
  otherwise: 'helm template NAME CHART > FILE.yaml where it is, and --bundle FILE.yaml here',
}

export const KUBECTL: Renderer = {
  name: 'kubectl',
  variable: 'LANDFALL_KUBECTL',
  install: 'https://kubernetes.io/docs/tasks/tools/',
  otherwise: 'kubectl kustomize DIR > FILE.yaml where it is, and --bundle FILE.yaml here',
}

/** What a program prints, started without a shell. Throws CommandFailed, with its own words or how to get it. */
export async function outputOfTool(
  { name, variable, install, otherwise }: Renderer,
  args: readonly string[],
  what: string,
  { env, cwd, interruption }: Pick<Terminal, 'env' | 'cwd' | 'interruption'>,
): Promise<string> {
  const named = env[variable]
  const program = named ? resolve(cwd, named) : findProgram(name, env)
  if (program === undefined)
    throw new CommandFailed(
      `${what} requires ${name}, which is not in PATH\nhint: install it (${install}), or set ${variable} to its path; or ${otherwise}`,
    )
  const options = { cwd, env: { ...env }, timeout: LIMIT_MS, maxBuffer: MOST_PRINTED }
  const signal = interruption()
  return new Promise((done, fail) => {
    execFile(program, [...args], { ...options, signal }, (error, stdout, stderr) => {
      if (error === null) return done(stdout)
      if (signal.aborted) return fail(error)
      const said = stderr.trim() || error.message
      fail(new CommandFailed(`${what} cannot be rendered by ${program}:\n${said}`))
    })
  })
}
