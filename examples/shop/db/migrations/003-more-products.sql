insert into products (id, name, price) values
  ('strainer', 'Tea strainer', 490),
  ('assam',    'Assam, 250 g', 1290);
