import { type Static, Type } from 'typebox'
import { line } from '../line.ts'

const service = Type.Object({
  service: Type.String(),
  pods: Type.Integer({ description: 'Pods for which there are metrics.' }),
  cpu: Type.Number({ description: 'Cores.' }),
  memory: Type.Number({ description: 'Bytes.' }),
  memoryLimit: Type.Optional(
    Type.Number({ description: 'Bytes over these pods; absent if a container has no limit.' }),
  ),
})

export const usageLine = line('usage', 'What the services of a release use now.', {
  release: Type.String(),
  namespace: Type.String(),
  services: Type.Array(service),
})
export type UsageLine = Static<typeof usageLine>
