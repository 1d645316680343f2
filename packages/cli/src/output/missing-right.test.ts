import { expect, test } from 'vitest'
import { missingRight } from './missing-right.ts'

test('a right in a namespace, of a user and of a ServiceAccount', () => {
  expect(
    missingRight(
      'pods "web-1" is forbidden: User "anna" cannot create resource "pods/exec" in API group "" in the namespace "shop"',
    ),
  ).toEqual({
    message: 'you (anna) may not create pods/exec in namespace shop',
    hint: 'kubectl create role landfall-create-pods-exec --verb=create --resource=pods/exec -n shop && kubectl create rolebinding landfall-create-pods-exec --role=landfall-create-pods-exec --user=anna -n shop',
  })
  expect(
    missingRight(
      'deployments.apps "web" is forbidden: User "system:serviceaccount:ci:robot" cannot patch resource "deployments" in API group "apps" in the namespace "shop"',
    )?.hint,
  ).toMatch(/--resource=deployments\.apps -n shop .*--serviceaccount=ci:robot -n shop$/)
})

test('a right in the cluster, and a refusal that is no matter of rights', () => {
  const nodes =
    'nodes is forbidden: User "anna" cannot list resource "nodes" in API group "" at the cluster scope'
  expect(missingRight(nodes)).toEqual({
    message: 'you (anna) may not list nodes in the cluster',
    hint: 'kubectl create clusterrole landfall-list-nodes --verb=list --resource=nodes && kubectl create clusterrolebinding landfall-list-nodes --clusterrole=landfall-list-nodes --user=anna',
  })
  expect(missingRight('pods "x" is forbidden: exceeded quota: q')).toBeUndefined()
})
