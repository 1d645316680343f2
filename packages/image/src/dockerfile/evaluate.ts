import { posix } from 'node:path'
import { ownValue, recordOf } from '@landfall/diagnostic'
import { exposedPorts, type ImageFacts, type ImageHealthcheck, present } from '../facts.ts'
import type { Dockerfile, Instruction } from './parse.ts'
import { type BuildOptions, declared, globalArguments, type Stage, targetStage } from './stages.ts'
import { type Lookup, shellWords } from './words.ts'

/** The image that a build starts from (`scratch` for none), or undefined where the Dockerfile does not name one. */
export function baseImageOf(dockerfile: Dockerfile, options: BuildOptions): string | undefined {
  let base = targetStage(dockerfile, options)?.base
  while (base !== undefined && 'stage' in base) base = base.stage.base
  return base === undefined || base.image === '' ? undefined : base.image
}

/**
 * The metadata of the built image, as far as the Dockerfile and its base determine it: users that a RUN makes and
 * instructions that the base left for later (ONBUILD) are not seen.
 */
export function dockerfileFacts(
  dockerfile: Dockerfile,
  options: BuildOptions,
  base: ImageFacts = {},
): ImageFacts {
  const stage = targetStage(dockerfile, options)
  const { digest: _, ...inherited } = base
  return stage === undefined ? inherited : stageFacts(stage, dockerfile, options, inherited)
}

function stageFacts(
  { base, instructions }: Stage,
  dockerfile: Dockerfile,
  options: BuildOptions,
  image: ImageFacts,
): ImageFacts {
  const before = 'stage' in base ? stageFacts(base.stage, dockerfile, options, image) : image
  const state: State = {
    facts: structuredClone(before),
    args: recordOf(),
    escapeMark: dockerfile.escapeMark,
    hasCommand: false,
  }
  const globals = globalArguments(dockerfile, options)
  for (const instruction of instructions)
    if (instruction.name === 'ARG')
      for (const [key, value] of declared(instruction.text, lookupIn(state), state.escapeMark))
        state.args[key] = ownValue(options.args, key) ?? value ?? globals[key]
    else ownValue(APPLY, instruction.name)?.(state, instruction)
  return state.facts
}

interface State {
  facts: ImageFacts
  args: Record<string, string | undefined>
  escapeMark: string
  /** A CMD of this stage stays when an ENTRYPOINT follows; an inherited one does not. */
  hasCommand: boolean
}

function lookupIn({ facts, args }: State): Lookup {
  return (name) => ownValue(facts.environment, name) ?? args[name]
}

/** What each instruction does to the configuration of the image. */
const APPLY: Readonly<Record<string, (state: State, instruction: Instruction) => void>> = {
  ENV(state, { text }) {
    state.facts.environment = { ...state.facts.environment, ...pairsOf(state, text) }
  },
  LABEL(state, { text }) {
    state.facts.labels = { ...state.facts.labels, ...pairsOf(state, text) }
  },
  EXPOSE(state, { text }) {
    const { ports = [] } = state.facts
    state.facts.ports = exposedPorts([
      ...ports,
      ...shellWords(text, lookupIn(state), state.escapeMark),
    ])
  },
  VOLUME(state, { text }) {
    const volumes = jsonWords(text) ?? shellWords(text, lookupIn(state), state.escapeMark)
    state.facts.volumes = [...new Set([...(state.facts.volumes ?? []), ...volumes])].sort()
  },
  USER(state, { text }) {
    state.facts.user = lineOf(state, text)
  },
  WORKDIR(state, { text }) {
    const { workingDirectory = '/' } = state.facts
    state.facts.workingDirectory = posix.resolve('/', workingDirectory, lineOf(state, text))
  },
  STOPSIGNAL(state, { text }) {
    state.facts.stopSignal = lineOf(state, text)
  },
  SHELL({ facts }, { text }) {
    const shell = jsonWords(text)
    if (shell !== undefined) facts.shell = shell
  },
  CMD(state, { text }) {
    state.facts.command = commandOf(state, text)
    state.hasCommand = true
  },
  ENTRYPOINT(state, { text }) {
    state.facts.entrypoint = commandOf(state, text)
    if (!state.hasCommand) delete state.facts.command
  },
  HEALTHCHECK({ facts }, { text, flags }) {
    facts.healthcheck = healthcheckOf(text, flags)
  },
}

function lineOf(state: State, text: string): string {
  return shellWords(text, lookupIn(state), state.escapeMark).join(' ')
}

/** `KEY=value OTHER="a b"`, or in the old form `KEY all the rest`. */
function pairsOf(state: State, text: string): Record<string, string> {
  const [, name, rest] = /^([^\s=]+)\s+(.*)$/s.exec(text) ?? []
  if (name !== undefined && rest !== undefined) return { [name]: lineOf(state, rest) }
  return Object.fromEntries(
    shellWords(text, lookupIn(state), state.escapeMark).flatMap((word) => {
      const at = word.indexOf('=')
      return at < 1 ? [] : [[word.slice(0, at), word.slice(at + 1)]]
    }),
  )
}

/** The JSON form of an instruction. */
function jsonWords(text: string): string[] | undefined {
  if (!text.startsWith('[')) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : undefined
  } catch {
    return undefined
  }
}

function commandOf({ facts }: State, text: string): string[] {
  return jsonWords(text) ?? [...(facts.shell ?? ['/bin/sh', '-c']), text]
}

function healthcheckOf(text: string, flags: Instruction['flags']): ImageHealthcheck {
  const [, form = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(text) ?? []
  if (form.toUpperCase() !== 'CMD') return { test: ['NONE'] }
  const words = jsonWords(rest)
  const flag = (name: string) => ownValue(flags, name)?.at(-1)
  const retries = Number(flag('retries'))
  return present<ImageHealthcheck>({
    test: words === undefined ? ['CMD-SHELL', rest] : ['CMD', ...words],
    interval: flag('interval'),
    timeout: flag('timeout'),
    start_period: flag('start-period'),
    start_interval: flag('start-interval'),
    retries: retries > 0 ? retries : undefined,
  })
}
