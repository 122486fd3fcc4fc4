-- A draft is a page left half-way: a poll that has one option so far is kept too. What leaves is checked when it is handed in.
alter table broadcasts drop constraint broadcasts_options_check;
alter table broadcasts add constraint broadcasts_options_check
  check (cardinality(options) between 2 and 9 or state in ('draft', 'returned', 'canceled'));
