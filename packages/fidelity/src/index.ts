export { refusedBy } from './api-server.ts'
export { type Conversion, convert } from './convert.ts'
export { judge } from './judge.ts'
