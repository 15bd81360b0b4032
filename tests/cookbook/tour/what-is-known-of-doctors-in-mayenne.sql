-- not told by SQL (search.nodes.score, search.nodes.snippet)

-- search.nodes.node (__typename, title, name) in any order
SELECT 'Initiative', i.title, NULL
FROM initiative AS i
JOIN initiative_holder AS h ON h.initiative_id = i.id
JOIN collectivity AS c ON c.id = h.collectivity_id
WHERE ' ' || i.title_folded || ' ' LIKE '% medecin %' AND c.name_folded LIKE '%mayenne%'
UNION ALL
SELECT 'Award', NULL, NULL
FROM award AS a
JOIN initiative AS i ON i.id = a.initiative_id
JOIN laureate AS l ON l.award_id = a.id
JOIN collectivity AS c ON c.id = l.collectivity_id
WHERE ' ' || i.title_folded || ' ' LIKE '% medecin %' AND c.name_folded LIKE '%mayenne%'
UNION ALL
SELECT 'Collectivity', NULL, c.name
FROM collectivity AS c
WHERE c.name_folded LIKE '%medecin%' AND c.name_folded LIKE '%mayenne%';
