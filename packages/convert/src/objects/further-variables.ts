import { type BundleDraft, containersOf } from './bundle-draft.ts'
import { declare } from './parameters.ts'

const text = { type: 'string', minLength: 1 }

function reference(required: readonly string[], more: Record<string, unknown> = {}) {
  return {
    type: 'object',
    additionalProperties: false,
    required,
    properties: { ...Object.fromEntries(required.map((key) => [key, text])), ...more },
  }
}

const ofKey = reference(['name', 'key'], { optional: { type: 'boolean' } })

/** A text, or `valueFrom`. https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.34/#envvarsource-v1-core */
const VARIABLE_SCHEMA = {
  type: ['string', 'number', 'boolean', 'object'],
  additionalProperties: false,
  required: ['valueFrom'],
  properties: {
    valueFrom: {
      type: 'object',
      additionalProperties: false,
      minProperties: 1,
      maxProperties: 1,
      properties: {
        secretKeyRef: ofKey,
        configMapKeyRef: ofKey,
        fieldRef: reference(['fieldPath'], { apiVersion: text }),
        resourceFieldRef: reference(['resource'], {
          containerName: text,
          divisor: { type: ['string', 'number'] },
        }),
      },
    },
  },
}

/** Refuses any value; Helm prints the text that it would have to be. */
function isTaken(isSecret: boolean) {
  const instead = isSecret ? 'secrets' : 'environment'
  return { allOf: [{ const: `set in ${instead}, because the project has this variable` }, false] }
}

/** Variables that the project does not have, for the program of each service. A name that it has is set where it is, so it is refused here. */
export function declareFurtherVariables(draft: BundleDraft): void {
  for (const { service, container } of containersOf(draft, 'program')) {
    declare(draft.parameters, {
      path: ['services', service.service, 'extraEnv'],
      default: {},
      schema: {
        type: 'object',
        properties: Object.fromEntries(
          (container.env ?? []).map(({ name, valueFrom }) => [
            name,
            isTaken(valueFrom !== undefined),
          ]),
        ),
        patternProperties: { '^[A-Za-z_.-][A-Za-z0-9_.-]*$': VARIABLE_SCHEMA },
        additionalProperties: false,
      },
      description: 'further environment variables: a text, or valueFrom as Kubernetes has it',
      at: [{ in: container, key: 'env', as: 'variables' }],
    })
  }
}
