export { type ComposeCase, caseDirectory, comparableProject, type Recording } from './compose.ts'
export { readCases } from './compose-cases.ts'
