import type { Diagnostic, Report, Span } from '@landfall/diagnostic'
import type { KubeObject } from '@landfall/kube'
import type { CliCode } from '../codes.ts'

/** Keys and indexes from the top of an object to one of its values. */
export type Path = readonly (string | number)[]

/** An object of a manifest, and where it is written. */
export interface Manifest {
  object: KubeObject
  /** The place of a value, or of what it is in if the manifest does not have it. */
  at(path: Path): Span
}

/** What was read: the objects in their order, with the texts that their places point into. */
export interface Manifests {
  manifests: readonly Manifest[]
  sources: Map<string, string>
}

export type BundleDiagnostic = Diagnostic<CliCode>

export type BundleReport = Report<CliCode>

/** Where people look for an object: at its name. */
export function nameOf(manifest: Manifest): Span {
  return manifest.at(['metadata', 'name'])
}
