-- awards (totalCount)
SELECT count(DISTINCT l.award_id)
FROM laureate AS l
JOIN collectivity AS c ON c.id = l.collectivity_id
JOIN collectivity AS d ON d.id = c.departement_id
WHERE d.kind = 'DEPARTEMENT' AND d.code = '53';

-- awards.nodes (year, edition.prize.slug, laureates.kind, laureates.name)
SELECT a.year, p.slug, c.kind, c.name
FROM award AS a
JOIN edition AS e ON e.id = a.edition_id
JOIN prize AS p ON p.id = e.prize_id
JOIN laureate AS l ON l.award_id = a.id
JOIN collectivity AS c ON c.id = l.collectivity_id
WHERE a.id IN (
    SELECT x.award_id
    FROM laureate AS x
    JOIN collectivity AS y ON y.id = x.collectivity_id
    JOIN collectivity AS d ON d.id = y.departement_id
    WHERE d.kind = 'DEPARTEMENT' AND d.code = '53'
)
ORDER BY a.year DESC, a.level_rank DESC, a.key DESC, l.position;
