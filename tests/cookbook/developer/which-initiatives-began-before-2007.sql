-- initiatives (totalCount)
SELECT count(*) FROM initiative WHERE launched_on < '2007';

-- initiatives.nodes (launchedOn, title, year)
SELECT launched_on, title, year FROM initiative WHERE launched_on < '2007'
ORDER BY launched_on, title_folded;
