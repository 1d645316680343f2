import { statSync } from 'node:fs'
import { request } from 'node:http'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { AskEngine, AskImage } from '@landfall/image'
import { findProgram } from '../foreign/images/run-tool.ts'
import { nerdctlEngine } from './nerdctl.ts'

/** The sockets on which an engine of this machine may listen, in the order in which the clients of Docker and Podman look. */
export function engineSockets(
  env: Readonly<Record<string, string>>,
  uid: number | undefined = process.getuid?.(),
): string[] {
  const named = [env.DOCKER_HOST, env.CONTAINER_HOST].flatMap((host) => host || [])
  // Another machine, or another protocol: what it has is not what this machine has.
  if (named.length > 0) return named.flatMap((host) => /^unix:\/\/(\/.+)$/.exec(host)?.[1] ?? [])
  const home = env.HOME ?? homedir()
  const runtime = env.XDG_RUNTIME_DIR ?? (uid === undefined ? '' : `/run/user/${uid}`)
  return [
    '/var/run/docker.sock',
    join(home, '.docker/run/docker.sock'),
    join(home, '.docker/desktop/docker.sock'),
    join(home, '.orbstack/run/docker.sock'),
    join(home, '.rd/docker.sock'),
    join(home, '.colima/default/docker.sock'),
    ...(runtime === '' ? [] : [join(runtime, 'docker.sock'), join(runtime, 'podman/podman.sock')]),
    '/run/podman/podman.sock',
  ]
}

/** Sends GET requests over a Unix socket. */
function engineAt(socketPath: string): AskEngine {
  return (path, signal) =>
    new Promise((resolve, reject) => {
      const sent = request({ socketPath, path, method: 'GET', signal }, (response) => {
        // a body that breaks rejects where it is read
        response.on('error', () => {})
        resolve({ status: response.statusCode ?? 0, body: response })
      })
      sent.on('error', reject)
      sent.end()
    })
}

/** Asks registries, and for what they do not have, the first engine of this machine whose socket is there, else containerd with nerdctl. */
export function orLocalEngine(
  registries: AskImage,
  env: Readonly<Record<string, string>>,
  patience?: number,
): AskImage {
  const ofMachine = engineOf(env)
  if (ofMachine === undefined) return registries
  let engine: AskImage | undefined
  return async (question) => {
    const answer = await registries(question)
    if (answer.ok) return answer
    const { askEngine } = await import('@landfall/image')
    engine ??= askEngine(ofMachine, patience)
    const held = await engine(question)
    return held.ok ? held : answer
  }
}

/** An engine of this machine; nerdctl is used only if no other one is named or there. */
function engineOf(env: Readonly<Record<string, string>>): AskEngine | undefined {
  const socket = engineSockets(env).find(isSocket)
  if (socket !== undefined) return engineAt(socket)
  if (env.DOCKER_HOST || env.CONTAINER_HOST) return undefined
  const nerdctl = findProgram('nerdctl', env)
  return nerdctl === undefined ? undefined : nerdctlEngine(nerdctl, env)
}

function isSocket(path: string): boolean {
  try {
    return statSync(path).isSocket()
  } catch {
    return false
  }
}
