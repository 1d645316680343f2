const form = document.querySelector('form')
const output = document.querySelector('output')

const products = await (await fetch('/api/products')).json()
form.elements.product.replaceChildren(
  ...products.map(({ id, name, price }) => new Option(`${name}, ${(price / 100).toFixed(2)}`, id)),
)

form.addEventListener('submit', async (event) => {
  event.preventDefault()
  const { product, quantity } = Object.fromEntries(new FormData(form))
  const answer = await fetch('/api/orders', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ product, quantity: Number(quantity) }),
  })
  const order = await answer.json()
  output.textContent = answer.ok ? `Order ${order.id} is on its way …` : order.error
  if (answer.ok) follow(order.id)
})

async function follow(id) {
  const answer = await fetch(`/api/orders/${id}`)
  if (answer.status === 404) return setTimeout(follow, 500, id)
  const { product, quantity, total } = await answer.json()
  output.textContent = `Order ${id} is in the books:\n${quantity} × ${product}, ${(total / 100).toFixed(2)} in all`
}
