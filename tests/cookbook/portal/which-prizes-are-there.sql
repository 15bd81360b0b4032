-- prizes.nodes (slug, name, since, url, editions.year)
SELECT p.slug, p.name, p.since, p.url, max(e.year)
FROM prize AS p
LEFT JOIN edition AS e ON e.prize_id = p.id
GROUP BY p.id, p.slug, p.name, p.since, p.url, p.name_folded
ORDER BY p.name_folded;
