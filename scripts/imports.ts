import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync, Visitor } from 'oxc-parser'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The TypeScript files of the workspace, as paths from its root: packages, end-to-end tests, scripts and benchmarks. */
export function sourceFiles(): string[] {
  return ['packages', 'e2e', 'scripts', 'bench'].flatMap((folder) =>
    readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)))
      .filter((file) => !file.split('/').includes('node_modules')),
  )
}

/**
 * The files that a file imports by a relative path, as paths from the root of the workspace: static and dynamic imports,
 * re-exports, and those of types alone. Throws an Error when the file is not valid TypeScript.
 */
export function importsOf(file: string): string[] {
  const { program, errors } = parseSync(file, readFileSync(join(root, file), 'utf8'))
  if (errors[0] !== undefined) throw new Error(`${file}: ${errors[0].message}`)
  const found = new Set<string>()
  const add = (source: object | null) => {
    if (source === null || !('value' in source) || typeof source.value !== 'string') return
    if (source.value.startsWith('.')) found.add(join(dirname(file), source.value))
  }
  new Visitor({
    ImportDeclaration: ({ source }) => add(source),
    ExportAllDeclaration: ({ source }) => add(source),
    ExportNamedDeclaration: ({ source }) => add(source),
    ImportExpression: ({ source }) => add(source),
    TSImportType: ({ source }) => add(source),
  }).visit(program)
  return [...found]
}

/**
 * The groups of more than one file in which each file reaches every other one by its imports (strongly connected components,
 * by Tarjan's algorithm), and files that import themselves. Each group is sorted.
 */
export function circles(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>()
  const lowest = new Map<string, number>()
  const path: string[] = []
  const found: string[][] = []
  const visit = (file: string): number => {
    const own = order.size
    order.set(file, own)
    lowest.set(file, own)
    path.push(file)
    for (const next of imports.get(file) ?? []) {
      if (!order.has(next)) visit(next)
      if (path.includes(next))
        lowest.set(file, Math.min(lowest.get(file) ?? own, lowest.get(next) ?? own))
    }
    if (lowest.get(file) === own) {
      const group = path.splice(path.indexOf(file))
      if (group.length > 1 || imports.get(file)?.includes(file)) found.push(group.sort())
    }
    return own
  }
  for (const file of imports.keys()) if (!order.has(file)) visit(file)
  return found
}

/** Whether a file uses `process.stdout`, `process.stderr` or `console`. */
export function writesToStandardStreams(file: string): boolean {
  const { program } = parseSync(file, readFileSync(join(root, file), 'utf8'))
  let found = false
  new Visitor({
    MemberExpression: ({ object, property }) => {
      if (object.type !== 'Identifier' || property.type !== 'Identifier') return
      found ||= object.name === 'console'
      found ||= object.name === 'process' && /^(stdout|stderr)$/.test(property.name)
    },
  }).visit(program)
  return found
}
