import type { GoPackage } from './packages.ts'

/**
 * How long a package takes to compile, in proportion to the others: seconds of one core, fitted to 200 packages of Kubernetes,
 * and to the last third of its build, where each package has hundreds of dependencies. What a package imports has to be read, and costs as much
 * as its own text.
 */
export function compileWeight({
  bytes,
  imports,
  dependencies,
}: Pick<GoPackage, 'bytes' | 'imports' | 'dependencies'>): number {
  return 0.02 + 2.5e-6 * bytes + 0.02 * imports + 0.0004 * dependencies
}

/** The linker reads what all packages were compiled to, those in the cache included. */
export function linkWeight(packages: readonly GoPackage[]): number {
  return 0.5 + 0.01 * packages.reduce((sum, one) => sum + compileWeight(one), 0)
}
