-- initiatives (totalCount)
SELECT count(*)
FROM initiative AS i
WHERE EXISTS (
    SELECT 1
    FROM initiative_holder AS h
    JOIN collectivity AS c ON c.id = h.collectivity_id
    JOIN collectivity AS r ON r.id = c.region_id
    WHERE h.initiative_id = i.id AND r.kind = 'REGION' AND r.code = '53'
)
AND EXISTS (
    SELECT 1
    FROM initiative_category AS ic
    JOIN category AS t ON t.id = ic.category_id
    WHERE ic.initiative_id = i.id AND t.slug IN ('mobilite', 'energie')
)
AND EXISTS (
    SELECT 1 FROM award AS a
    WHERE a.initiative_id = i.id AND a.level IN ('GOLD', 'SILVER') AND a.year >= 2015
);

-- initiatives.nodes (title, awards.level)
SELECT i.title, won.level
FROM initiative AS i
JOIN award AS won ON won.initiative_id = i.id
WHERE EXISTS (
    SELECT 1
    FROM initiative_holder AS h
    JOIN collectivity AS c ON c.id = h.collectivity_id
    JOIN collectivity AS r ON r.id = c.region_id
    WHERE h.initiative_id = i.id AND r.kind = 'REGION' AND r.code = '53'
)
AND EXISTS (
    SELECT 1
    FROM initiative_category AS ic
    JOIN category AS t ON t.id = ic.category_id
    WHERE ic.initiative_id = i.id AND t.slug IN ('mobilite', 'energie')
)
AND EXISTS (
    SELECT 1 FROM award AS a
    WHERE a.initiative_id = i.id AND a.level IN ('GOLD', 'SILVER') AND a.year >= 2015
)
ORDER BY i.year DESC, i.title_folded, won.year DESC, won.level_rank DESC;
