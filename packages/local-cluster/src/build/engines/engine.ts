import { run } from '../../host/run.ts'

/** Programs that build images: those of Docker, Podman, containerd and BuildKit. */
export type EngineName = 'docker' | 'podman' | 'nerdctl' | 'buildctl'

/** A program that responds. */
export interface Engine {
  name: EngineName
  /** Program and leading arguments: `docker --context orbstack`. */
  command: readonly [string, ...string[]]
  /** Docker's builder is BuildKit (buildx), with which secrets, SSH and further contexts work. */
  buildx?: boolean
}

/** Milliseconds for a program to answer whether its daemon responds. */
const PATIENCE_MS = 8_000

/** What a program answers only where its daemon responds. */
const QUESTION: Readonly<Record<EngineName, readonly string[]>> = {
  docker: ['version', '--format', '{{.Server.Version}}'],
  podman: ['info', '--format', '{{.Host.Arch}}'],
  nerdctl: ['info', '--format', '{{.ServerVersion}}'],
  buildctl: ['debug', 'workers'],
}

/** The order in which programs are tried where a cluster does not require one. */
const USUAL_ORDER: readonly EngineName[] = ['docker', 'podman', 'nerdctl', 'buildctl']

/** The engine behind a program, if it responds. `command` is the program of that name if omitted. */
export async function openEngine(
  name: EngineName,
  env: NodeJS.ProcessEnv,
  command: Engine['command'] = [name],
): Promise<Engine | undefined> {
  const answers = (args: readonly string[]) => responds(command, args, env)
  if (!(await answers(QUESTION[name]))) return undefined
  const buildx = name === 'docker' && (await answers(['buildx', 'version']))
  return { name, command, ...(buildx && { buildx }) }
}

/** The first engine that responds. */
export async function findEngine(
  env: NodeJS.ProcessEnv,
  order: readonly EngineName[] = USUAL_ORDER,
): Promise<Engine | undefined> {
  for (const name of order) {
    const engine = await openEngine(name, env)
    if (engine !== undefined) return engine
  }
  return undefined
}

async function responds(
  [program, ...leading]: Engine['command'],
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<boolean> {
  try {
    await run(program, [...leading, ...args], { base: env, timeout: PATIENCE_MS })
    return true
  } catch {
    return false
  }
}
