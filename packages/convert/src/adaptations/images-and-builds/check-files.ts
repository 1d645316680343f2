import { type Build, type FileSystem, problemOf } from '@landfall/compose'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { LARGEST_DOCKERFILE } from '../../facts/mounts/sizes.ts'

/** Reports what is in the place of a build's files and cannot be one: a FIFO would make the build wait forever. */
export function checkBuildFiles(
  { files, report }: Conversion,
  service: ServiceConversion,
  { context, dockerfile, dockerfile_inline }: Build,
): void {
  if (!context.startsWith('/')) return
  if (files.stat(context) !== undefined && files.stat(context)?.kind !== 'directory') {
    report({
      code: 'convert/unreadable-file',
      severity: 'error',
      message: `the build context ${context} is not a directory`,
      path: service.at('build', 'context'),
    })
    return
  }
  const file = dockerfile ?? 'Dockerfile'
  const path = file.startsWith('/') ? file : `${context}/${file}`
  const read = dockerfile_inline === undefined ? [path] : []
  for (const one of [...read, `${context}/.dockerignore`, `${path}.dockerignore`]) {
    const problem = problemAt(files, one)
    if (problem !== undefined)
      report({
        code: 'convert/unreadable-file',
        severity: 'error',
        message: `${one} ${problem}`,
        path: service.at(
          'build',
          one === path && dockerfile !== undefined ? 'dockerfile' : 'context',
        ),
      })
  }
}

function problemAt(files: FileSystem, path: string): string | undefined {
  const stat = files.stat(path)
  return stat && problemOf(stat, LARGEST_DOCKERFILE)
}
