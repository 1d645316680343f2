import { Buffer } from 'node:buffer'
import { relative } from 'node:path/posix'
import type { Build, FileSystem } from '@landfall/compose'
import { copiedFiles, parseDockerfile, parseIgnoreFile } from '@landfall/image'
import type { Conversion, ServiceConversion } from '../conversion.ts'
import { LARGEST_DOCKERFILE } from '../facts/mounts/sizes.ts'
import { type ContextFiles, contextFiles } from './context-files.ts'
import { isCredentialOfContext, LARGEST_CREDENTIAL } from './credentials.ts'
import { firstNames } from './first-names.ts'

/**
 * Reports, in a line for each build, the credentials and the history that its image would contain, and in another one what it copies
 * that is not a file. Contexts that are addresses, or outside of the project and not accepted, are not searched.
 */
export function reportBuilds(conversion: Conversion): void {
  const search = contextSearch(conversion)
  const reported = new Set<string>()
  for (const service of conversion.services) {
    const { build } = service.compose
    if (build == null) continue
    const key = JSON.stringify([
      build.context,
      build.dockerfile,
      build.dockerfile_inline,
      build.target,
    ])
    if (reported.has(key)) continue
    reported.add(key)
    const contexts = Object.entries((build.additional_contexts ?? {}) as Record<string, unknown>)
    for (const [name, context] of [['', build.context] as const, ...contexts]) {
      const found = search(String(context), build)
      if (found === undefined) continue
      reportContents(conversion, service, build, { ...found, name, context: String(context) })
    }
  }
}

type Searched = ContextFiles & { ignoreFile: string }

/** Lists each context once. */
function contextSearch({ contextFiles: files }: Conversion) {
  const known = new Map<string, Searched>()
  return (context: string, build: Build): Searched | undefined => {
    if (!context.startsWith('/') || files.outside?.(context) !== undefined) return undefined
    const ignoreFile = ignoreFileOf(files, context, build)
    const found = known.get(`${context}\n${ignoreFile}`)
    if (found !== undefined) return found
    const text = textAt(files, ignoreFile, LARGEST_DOCKERFILE) ?? ''
    const searched = { ...contextFiles(files, context, parseIgnoreFile(text)), ignoreFile }
    known.set(`${context}\n${ignoreFile}`, searched)
    return searched
  }
}

/** https://docs.docker.com/build/concepts/context/#filename-and-location */
function ignoreFileOf(files: FileSystem, context: string, build: Build): string {
  const own = `${dockerfilePath(build)}.dockerignore`
  return context === build.context && files.stat(own)?.kind === 'file'
    ? own
    : `${context}/.dockerignore`
}

function reportContents(
  { contextFiles: files, projectDirectory, report }: Conversion,
  { at }: ServiceConversion,
  build: Build,
  { name, context, history, ignoreFile, ...listed }: Searched & { name: string; context: string },
): void {
  const text = build.dockerfile_inline ?? textAt(files, dockerfilePath(build), LARGEST_DOCKERFILE)
  if (text === undefined) return
  const isCopied = copiedFiles(parseDockerfile(text), {
    ...(build.target === undefined ? {} : { target: build.target }),
    args: build.args ?? {},
  })
  const path = at('build', ...(name === '' ? ['context'] : ['additional_contexts', name]))
  const special = listed.special.filter((one) => isCopied(one, name))
  if (special.length > 0)
    report({
      code: 'convert/special-files',
      severity: 'note',
      message: `FIFOs, sockets and devices in the build context are not read: ${firstNames(special)}`,
      path,
    })
  const credentials = listed.files.filter(
    (one) =>
      isCredentialOfContext(one, () => files.read(`${context}/${one}`, LARGEST_CREDENTIAL)) &&
      isCopied(one, name),
  )
  const copiedHistory = history.filter((one) => isCopied(`${one}/HEAD`, name))
  const all = [...new Set([...credentials, ...copiedHistory])]
  if (all.length === 0) return
  report({
    code: 'convert/credentials-in-build',
    severity: credentials.length > 0 ? 'warning' : 'note',
    message: `the image contains ${credentials.length > 0 ? 'credentials' : 'the history of sources'} from its build context: ${firstNames(all)}`,
    path,
    hint: `list them in ${relative(projectDirectory, ignoreFile)}, or copy only what the program needs; a RUN can mount secrets`,
  })
}

function dockerfilePath({ context, dockerfile = 'Dockerfile' }: Build): string {
  return dockerfile.startsWith('/') ? dockerfile : `${context}/${dockerfile}`
}

function textAt(files: FileSystem, path: string, limit: number): string | undefined {
  const bytes = files.read(path, limit)
  return bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8')
}
