export type { ConvertInput, ConvertResult } from './convert.ts'
export type * from './landfall-file.ts'
export type { Ledger, LedgerEntry } from './ledger.ts'
export type { Gate, Plan, ServicePlan } from './plan.ts'
