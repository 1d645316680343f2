import type { FileSystem, Project } from '@landfall/compose'
import type { Diagnostic, Origins } from '@landfall/diagnostic'
import type { Bundle } from '@landfall/kube'
import type { LandfallFile } from './landfall-file.ts'
import type { Ledger } from './ledger.ts'
import type { Plan } from './plan.ts'

export interface ConvertInput {
  project: Project
  origins: Origins
  /** Absolute. */
  projectDirectory: string
  files: FileSystem
  settings: LandfallFile
  settingsOrigins: Origins
}

export interface ConvertResult {
  plan: Plan
  /** Absent when a diagnostic is an error. */
  bundle?: Bundle
  ledger: Ledger
  diagnostics: readonly Diagnostic[]
}
