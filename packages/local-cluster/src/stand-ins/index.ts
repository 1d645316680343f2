export { loadStandIns } from './load.ts'
export { readRoles } from './read-roles.ts'
export { InvalidRoles, type RoleProblem } from './role.ts'
export { startTimes } from './start-times.ts'
