create table products (
  id    text primary key,
  name  text not null,
  price integer not null check (price > 0) -- cents
);
