export { type ComposeCase, caseDirectory, type Recording } from './compose.ts'
export { readCases } from './compose-cases.ts'
export {
  askTool,
  type ConfigAnswer,
  type ConfigRecording,
  configEnvironment,
  readConfigCases,
  recordable,
} from './config-calls.ts'
