-- initiatives (totalCount)
SELECT count(DISTINCT ic.initiative_id)
FROM initiative_category AS ic
JOIN category AS t ON t.id = ic.category_id
WHERE t.slug IN ('mobilites', 'transition-energetique');

-- initiatives.nodes (year, title, categories.slug, awards.level)
SELECT i.year, i.title, t.slug, a.level
FROM initiative AS i
JOIN initiative_category AS ic ON ic.initiative_id = i.id
JOIN category AS t ON t.id = ic.category_id
JOIN award AS a ON a.initiative_id = i.id
WHERE t.slug IN ('mobilites', 'transition-energetique')
ORDER BY i.year DESC, i.title_folded, t.slug, a.key;
