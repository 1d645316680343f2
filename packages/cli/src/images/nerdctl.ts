import { execFile } from 'node:child_process'
import { Readable } from 'node:stream'
import type { AskEngine } from '@landfall/image'

/** Bytes of a description of an image. */
const LARGEST_ANSWER = 8 * 1024 * 1024

/**
 * containerd as an engine: it has no API of Docker, but its client nerdctl describes an image in Docker's format
 * (https://github.com/containerd/nerdctl/blob/main/docs/command-reference.md, `nerdctl image inspect`). `program` is its path. Rejects
 * when containerd does not respond.
 */
export function nerdctlEngine(program: string, env: Readonly<Record<string, string>>): AskEngine {
  return async (path, signal) => {
    const image = decodeURIComponent(/^\/images\/(.+)\/json$/.exec(path)?.[1] ?? '')
    const format = ['--mode', 'dockercompat', '--format', '{{json .}}']
    const { failed, stdout, stderr } = await run(
      program,
      ['image', 'inspect', ...format, image],
      env,
      signal,
    )
    if (!failed) return { status: 200, body: Readable.from([Buffer.from(stdout)]) }
    if (/no such (?:image|object)|not found/i.test(stderr))
      return { status: 404, body: Readable.from([]) }
    throw new Error(stderr)
  }
}

function run(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<{ failed: boolean; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const options = { env: { ...env }, signal, maxBuffer: LARGEST_ANSWER }
    const child = execFile(program, args, options, (error, stdout, stderr) =>
      resolve({ failed: error !== null, stdout, stderr }),
    )
    child.stdin?.on('error', () => {})
    child.stdin?.end()
  })
}
