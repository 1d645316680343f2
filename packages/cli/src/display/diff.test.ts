import { expect, test } from 'vitest'
import { renderDiff } from './diff.ts'

const plain = (_role: string, text: string) => text

test('objects with their fields, without what is hidden, and how many there are', () => {
  const printed = renderDiff(
    {
      changes: [
        {
          object: 'deployment/web',
          change: 'update',
          fields: [
            { field: 'spec.replicas', before: 1, after: 2 },
            { field: 'spec.args', after: ['-v', 'a\nb'] },
            { field: 'spec.url', before: 'http://user:password@db', after: '' },
            { field: 'spec.text', before: 'x'.repeat(500) },
          ],
        },
        {
          object: 'secret/web',
          change: 'update',
          fields: [{ field: 'data.PASSWORD', hidden: 'secret' }],
        },
        { object: 'job/setup', change: 'create', fields: [] },
      ],
      foreign: [{ object: 'service/db', owner: 'Helm' }],
      conflicts: [
        {
          object: 'deployment/web',
          change: 'changed',
          field: 'spec.replicas',
          manager: 'kubectl-edit',
        },
      ],
      checks: [
        { name: 'order', change: 'update' },
        { name: 'old', change: 'delete' },
      ],
    },
    plain,
  )
  expect(printed).toBe(`update deployment/web
  spec.replicas: 1 → 2
  spec.args: added ["-v","a\\nb"]
  spec.url: http://***@db → ""
  spec.text: removed ${'x'.repeat(120)}…
update secret/web
  data.PASSWORD: changed
create job/setup
refused service/db: it is owned by Helm
refused deployment/web: kubectl-edit has set spec.replicas; --force-conflicts sets the value of the project again
update check order
delete check old

1 to create, 2 to change
`)
})

test('nothing', () => {
  expect(renderDiff({ changes: [], foreign: [], conflicts: [], checks: [] }, plain)).toBe(
    'No difference.\n',
  )
})
