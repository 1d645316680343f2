create table orders (
  id       uuid primary key,
  product  text not null references products,
  quantity integer not null check (quantity between 1 and 99),
  total    integer not null, -- cents
  placed   timestamptz not null,
  stored   timestamptz not null default now()
);
