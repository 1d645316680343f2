import { Buffer } from 'node:buffer'
import { relative } from 'node:path/posix'
import type { Build } from '@landfall/compose'
import { type BuiltInto, copiedInto, parseDockerfile, parseIgnoreFile } from '@landfall/image'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import type { Bind } from './bind.ts'
import { contentsOf } from './contents.ts'
import { placeOf } from './places.ts'

/**
 * Whether a bind shows a directory of sources over the image that is built with it: the Dockerfile copies the directory, or
 * directories in it, to where it is mounted. Places of configuration and of data are not meant, nor what has no files.
 */
export function isInImage(conversion: Conversion, { service, source, target }: Bind): boolean {
  const build = buildOf(conversion, service)
  if (build === undefined) return false
  const path = relative(build.context, source)
  if (path.startsWith('..') || conversion.files.stat(source)?.kind !== 'directory') return false
  if (placeOf(target) === 'config' || placeOf(target) === 'state') return false
  const content = contentsOf(conversion.files, source)
  if (content.placeholders || content.database !== undefined) return false
  if (isIgnored(conversion, build.context, path)) return false
  const text = dockerfileOf(conversion, build)
  const found: BuiltInto | undefined =
    text === undefined
      ? undefined
      : copiedInto(
          parseDockerfile(text),
          { ...(build.target ? { target: build.target } : {}), args: build.args ?? {} },
          { path, target },
        )
  return found !== undefined
}

/** The build of the service, or of another one that makes the image that it runs. */
function buildOf(
  { services }: Conversion,
  { compose, plan }: ServiceConversion,
): Build | undefined {
  if (compose.build != null) return compose.build
  return services.find((other) => other.compose.build != null && other.plan.image === plan.image)
    ?.compose.build
}

function dockerfileOf({ files }: Conversion, build: Build): string | undefined {
  if (build.dockerfile_inline !== undefined) return build.dockerfile_inline
  const { dockerfile = 'Dockerfile', context } = build
  const bytes = files.read(dockerfile.startsWith('/') ? dockerfile : `${context}/${dockerfile}`)
  return bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8')
}

/** Whether .dockerignore keeps a directory as a whole out of the build. */
function isIgnored({ files }: Conversion, context: string, path: string): boolean {
  if (path === '') return false
  const bytes = files.read(`${context}/.dockerignore`)
  if (bytes === undefined) return false
  return parseIgnoreFile(Buffer.from(bytes).toString('utf8')).leavesOut(path)
}
