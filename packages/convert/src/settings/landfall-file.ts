export type { CheckSettings, StepSettings } from './schema/check.ts'
export type { FileFormat, FileSettings } from './schema/file.ts'
export type {
  LandfallFile,
  SecretRules,
  SiteSettings,
  VolumeSettings,
} from './schema/landfall-file.ts'
export type { Permission } from './schema/permission.ts'
export type { Effect, Exposure, OneShot, ScaleSettings, ServiceSettings } from './schema/service.ts'
export type { BeforeStep, SqlOneShot } from './schema/steps.ts'
