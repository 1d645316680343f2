export { askCompose } from './ask-compose.ts'
export { type ComposeCase, caseDirectory, printCase, type Recording } from './compose.ts'
export { readCases } from './compose-cases.ts'
export { composeGrammars } from './compose-grammars.ts'
export {
  askTool,
  type ConfigAnswer,
  type ConfigRecording,
  configEnvironment,
  readConfigCases,
  recordable,
} from './config-calls.ts'
export { type NamedProject, namedProjects } from './named-projects.ts'
