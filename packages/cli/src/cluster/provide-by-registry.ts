import { parseImageReference } from '@landfall/image'
import { type Bundle, pinImages } from '@landfall/kube'
import { buildAndPush } from '@landfall/local-cluster'
import type { Display } from '../display/display.ts'
import { orCommandFailed } from '../errors.ts'
import type { Terminal } from '../terminal.ts'
import { inBuildOrder, withBuiltContexts } from './builds/build-order.ts'
import { localOptions } from './local.ts'
import type { Provided } from './provide-local.ts'

/** Builds the project's images, pushes them below `registry`, and pins what the registry holds. `nodes` is the platform of the nodes where it is not that of this machine. */
export async function provideByRegistry(
  bundle: Bundle,
  { registry, nodes }: { registry: string; nodes: string | undefined },
  terminal: Terminal,
  display: Display,
): Promise<Provided> {
  const { cacheDirectory } = localOptions(terminal, {})
  const pins = new Map<string, string>()
  const references = new Map<string, string>()
  for (const build of inBuildOrder(bundle.builds)) {
    const name = pushedName(build.image, registry)
    const outcome = await orCommandFailed(
      buildAndPush(
        withBuiltContexts(build, references),
        `${name}:landfall`,
        { cacheDirectory, nodes },
        display.progress,
      ),
    )
    if (!outcome.ok) return { ok: false, failure: outcome }
    references.set(build.service, `${name}@${outcome.digest}`)
    pins.set(build.image, `${name}@${outcome.digest}`)
  }
  return { ok: true, bundle: pinImages(bundle, pins), images: [] }
}

/** `registry/name` of an image: its last part, without tag. */
export function pushedName(image: string, registry: string): string {
  const name = (parseImageReference(image)?.repository ?? image).split('/').at(-1)
  return `${registry.replace(/\/+$/, '')}/${name}`
}
