insert into products (id, name, price) values
  ('kettle', 'Kettle', 3490),
  ('teapot', 'Teapot', 2750),
  ('cup',    'Cup',     690);
