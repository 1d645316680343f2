import type { Diagnostic, Severity } from './diagnostic.ts'
import { displayPath } from './pointer.ts'
import { positionAt, type Sources, type Span } from './span.ts'

/** What the report says of the program that made it. */
export interface SarifTool {
  readonly name: string
  readonly version: string
}

interface ArtifactLocation {
  readonly uri: string
  readonly uriBaseId?: string
}

interface Region {
  readonly startLine: number
  readonly startColumn: number
  readonly endLine: number
  readonly endColumn: number
}

interface Location {
  readonly physicalLocation?: {
    readonly artifactLocation: ArtifactLocation
    readonly region?: Region
  }
  readonly logicalLocations?: readonly { readonly fullyQualifiedName: string }[]
  readonly message?: { readonly text: string }
}

interface SarifResult {
  readonly ruleId: string
  readonly ruleIndex: number
  readonly level: Severity
  readonly message: { readonly text: string }
  readonly locations?: readonly Location[]
  readonly relatedLocations?: readonly (Location & { readonly id: number })[]
}

/** A SARIF log with one run, as far as this package writes it. */
export interface SarifLog {
  readonly $schema: string
  readonly version: '2.1.0'
  readonly runs: readonly {
    readonly tool: {
      readonly driver: SarifTool & {
        readonly rules: readonly {
          readonly id: string
          readonly shortDescription: { readonly text: string }
          readonly help: { readonly text: string }
        }[]
      }
    }
    readonly columnKind: 'utf16CodeUnits'
    readonly originalUriBaseIds: Readonly<Record<string, { description: { text: string } }>>
    readonly results: readonly SarifResult[]
  }[]
}

/** Names the directory in which the program ran; its place on the machine is nobody's business. */
const base = 'SRCROOT'

/**
 * Diagnostics as a SARIF 2.1.0 log, for code scanning and editors. `rules` are the codes that can be met, each with the
 * line that documents it; those that are met are listed.
 * Reference: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function toSarif(
  diagnostics: readonly Diagnostic[],
  sources: Sources,
  tool: SarifTool,
  rules: Readonly<Record<string, string>>,
): SarifLog {
  const met = [...new Set(diagnostics.map(({ code }) => code))].sort()
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            ...tool,
            rules: met.map((id) => {
              const text = rules[id] ?? id
              return { id, shortDescription: { text }, help: { text } }
            }),
          },
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: {
          [base]: { description: { text: 'The directory in which the check ran.' } },
        },
        results: diagnostics.map((diagnostic) => resultOf(diagnostic, met, sources)),
      },
    ],
  }
}

function resultOf(
  { code, severity, message, hint, path, at, related }: Diagnostic,
  met: readonly string[],
  sources: Sources,
): SarifResult {
  const location: Location = {
    ...(at && locationOf(at, sources)),
    ...(path !== '' && { logicalLocations: [{ fullyQualifiedName: displayPath(path) }] }),
  }
  return {
    ruleId: code,
    ruleIndex: met.indexOf(code),
    level: severity,
    message: { text: hint === undefined ? message : `${message}\n${hint}` },
    ...(Object.keys(location).length > 0 && { locations: [location] }),
    ...(related && {
      relatedLocations: related.map(({ message, at }, id) => {
        return { id, message: { text: message }, ...locationOf(at, sources) }
      }),
    }),
  }
}

function locationOf(span: Span, sources: Sources): Location {
  const region = regionOf(span, sources)
  return {
    physicalLocation: { artifactLocation: artifactOf(span.file), ...(region && { region }) },
  }
}

function artifactOf(file: string): ArtifactLocation {
  const uri = file.split('/').map(encodeURIComponent).join('/')
  return file.startsWith('/') ? { uri: `file://${uri}` } : { uri, uriBaseId: base }
}

/** undefined: the text of the file is not known. */
function regionOf(span: Span, sources: Sources): Region | undefined {
  const text = sources.get(span.file)
  if (text === undefined) return undefined
  const start = positionAt(text, span.start)
  const end = positionAt(text, Math.max(span.start, span.end))
  return {
    startLine: start.line,
    startColumn: start.column,
    endLine: end.line,
    endColumn: end.column,
  }
}
