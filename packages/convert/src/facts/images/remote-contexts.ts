import { isRemote, parseBuildContext } from '@landfall/image'
import type { ImageBuild } from '@landfall/kube'

/** The contexts of a build that are fetched, without passwords, each with its commit or digest if that is known. */
export function remoteContexts(
  build: ImageBuild | undefined,
): { shown: string; revision?: string }[] {
  return [build?.context ?? '', ...Object.values(build?.contexts ?? {})].flatMap((text) => {
    const context = parseBuildContext(text)
    const revision = build?.revisions?.[text]
    return isRemote(context)
      ? [{ shown: context.shown, ...(revision !== undefined && { revision }) }]
      : []
  })
}
