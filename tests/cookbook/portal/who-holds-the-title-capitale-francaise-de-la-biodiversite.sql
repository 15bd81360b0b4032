-- category (label, labelEn, awards.totalCount)
SELECT t.label_fr, t.label_en, count(*)
FROM category AS t
JOIN award AS a ON a.category_id = t.id
WHERE t.slug = 'biodiversite' AND a.level = 'GRAND_PRIX'
GROUP BY t.label_fr, t.label_en;

-- category.awards.nodes (year, laureates.name, laureates.departement.name)
SELECT a.year, c.name, d.name
FROM category AS t
JOIN award AS a ON a.category_id = t.id
JOIN laureate AS l ON l.award_id = a.id
JOIN collectivity AS c ON c.id = l.collectivity_id
LEFT JOIN collectivity AS d ON d.id = c.departement_id
WHERE t.slug = 'biodiversite' AND a.level = 'GRAND_PRIX'
ORDER BY a.year DESC
LIMIT 3;
